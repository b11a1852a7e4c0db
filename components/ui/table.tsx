import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";

/*
 * Below 640 px every row becomes a card: the head is only read out, each cell shows its `label` before its value.
 * Changing `display` takes the table meaning away from browsers, so the roles are written out.
 */
const roles = {
  table: { role: "table" },
  rowgroup: { role: "rowgroup" },
  row: { role: "row" },
  columnheader: { role: "columnheader" },
  cell: { role: "cell" },
};

interface TableProps {
  /** What the table lists, for screen readers. */
  caption: string;
  className?: string;
  children: ReactNode;
}

export function Table({ caption, className, children }: TableProps) {
  return (
    <div
      className={cn(
        "min-w-0 sm:overflow-x-auto sm:rounded-xl sm:border sm:border-line sm:bg-surface sm:shadow-xs",
        className,
      )}
    >
      <table {...roles.table} className="block w-full text-sm sm:table">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

/** Takes `Th` cells. */
export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead {...roles.rowgroup} className="max-sm:sr-only sm:table-header-group sm:border-b sm:border-line sm:bg-paper">
      <tr {...roles.row}>{children}</tr>
    </thead>
  );
}

export function TableBody({ children }: { children: ReactNode }) {
  return (
    <tbody
      {...roles.rowgroup}
      className="max-sm:flex max-sm:flex-col max-sm:gap-3 sm:table-row-group sm:divide-y sm:divide-line"
    >
      {children}
    </tbody>
  );
}

export function Tr({ className, ...rest }: ComponentProps<"tr">) {
  return (
    <tr
      {...roles.row}
      className={cn(
        "relative transition-colors max-sm:flex max-sm:flex-col max-sm:gap-1.5 max-sm:rounded-xl max-sm:border max-sm:border-line max-sm:bg-surface max-sm:p-4 max-sm:shadow-xs sm:table-row sm:hover:bg-paper",
        className,
      )}
      {...rest}
    />
  );
}

interface CellLook {
  align?: "left" | "right";
}

export function Th({ align, className, children, ...rest }: ComponentProps<"th"> & CellLook) {
  return (
    <th
      scope="col"
      {...roles.columnheader}
      className={cn(
        "px-4 py-2.5 text-left text-xs font-medium whitespace-nowrap text-muted",
        align === "right" && "text-right",
        className,
      )}
      {...rest}
    >
      {children}
    </th>
  );
}

interface TdProps extends Omit<ComponentProps<"td">, "align">, CellLook {
  /** The column's name, shown before the value on phones. Leave out for the `primary` cell and for actions. */
  label?: string;
  /** The cell that names the row: the card's title on phones. */
  primary?: boolean;
  /** Row actions: top right corner of the card on phones, right edge on desktop. */
  actions?: boolean;
  /** Only on desktop. */
  hideOnPhone?: boolean;
}

export function Td({ label, primary, actions, hideOnPhone, align, className, children, ...rest }: TdProps) {
  return (
    <td
      {...roles.cell}
      data-label={label}
      className={cn(
        "max-sm:flex max-sm:min-w-0 max-sm:items-baseline max-sm:justify-between max-sm:gap-4 max-sm:text-right sm:table-cell sm:px-4 sm:py-3 sm:align-middle",
        label &&
          "max-sm:before:shrink-0 max-sm:before:text-left max-sm:before:text-muted max-sm:before:content-[attr(data-label)]",
        primary && "font-medium text-ink max-sm:mb-1 max-sm:block max-sm:pr-10 max-sm:text-left max-sm:text-base",
        actions && "whitespace-nowrap sm:w-px sm:py-1.5 sm:text-right max-sm:absolute max-sm:top-2 max-sm:right-2",
        align === "right" && "tabular sm:text-right",
        hideOnPhone && "max-sm:hidden",
        className,
      )}
      {...rest}
    >
      {children}
    </td>
  );
}
