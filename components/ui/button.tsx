import { cva, type VariantProps } from "class-variance-authority";
import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { Spinner } from "./spinner.tsx";

export const buttonStyles = cva(
  [
    "relative inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-medium whitespace-nowrap select-none",
    "transition-[background-color,border-color,color,box-shadow] duration-100",
    "disabled:cursor-not-allowed disabled:not-aria-busy:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
    "[&_svg]:size-4 [&_svg]:shrink-0",
  ],
  {
    variants: {
      variant: {
        primary:
          "border-transparent bg-accent text-on-accent shadow-xs hover:not-disabled:not-aria-disabled:bg-accent-hover",
        secondary:
          "border-line bg-surface text-ink shadow-xs hover:not-disabled:not-aria-disabled:border-field/60 hover:not-disabled:not-aria-disabled:bg-hover",
        ghost: "border-transparent text-ink hover:not-disabled:not-aria-disabled:bg-hover data-popup-open:bg-hover",
        danger:
          "border-transparent bg-danger text-on-danger shadow-xs hover:not-disabled:not-aria-disabled:bg-danger-hover",
        "danger-ghost": "border-transparent text-danger-text hover:not-disabled:not-aria-disabled:bg-danger-soft",
        link: "h-auto! min-h-0! border-none px-0! font-medium link",
      },
      size: {
        sm: "h-8 px-2.5 text-sm max-sm:min-h-10",
        md: "h-9 px-3.5 text-sm max-sm:min-h-10",
        lg: "h-11 px-5 text-base",
        icon: "size-9 max-sm:size-10",
        "icon-sm": "size-8 max-sm:size-10",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

type ButtonLook = VariantProps<typeof buttonStyles>;

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonLook["variant"];
  size?: ButtonLook["size"];
  /** Shows a spinner, keeps the width and stops further presses. */
  loading?: boolean;
  icon?: ReactNode;
}

/** `type` defaults to "button": a button that submits a form says so (or is a `SubmitButton`). */
export function Button({ variant, size, loading, icon, className, children, disabled, type, ...rest }: ButtonProps) {
  return (
    <button
      type={type ?? "button"}
      disabled={disabled || loading}
      aria-busy={loading || undefined}
      className={cn(buttonStyles({ variant, size }), className)}
      {...rest}
    >
      {loading && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
      {/* Only unseen while loading: the words keep the width and stay the button's name. */}
      <span className={cn("inline-flex min-w-0 items-center gap-2", loading && "opacity-0")}>
        {icon}
        {children}
      </span>
    </button>
  );
}

export interface ButtonLinkProps extends ComponentProps<typeof Link> {
  variant?: ButtonLook["variant"];
  size?: ButtonLook["size"];
  icon?: ReactNode;
}

/** A link that looks like a button. For downloads give `download` and `prefetch={false}`. */
export function ButtonLink({ variant, size, icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link className={cn(buttonStyles({ variant, size }), className)} {...rest}>
      {icon}
      {children}
    </Link>
  );
}
