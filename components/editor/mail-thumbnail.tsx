/** A mail made small, for looking at only: no focus, no clicks, no scripts. */
export function MailThumbnail({ src, title }: { src: string; title: string }) {
  return (
    <span aria-hidden="true" className="block h-52 w-full overflow-hidden bg-white">
      <iframe
        src={src}
        title={title}
        tabIndex={-1}
        loading="lazy"
        sandbox=""
        className="pointer-events-none block h-[520px] w-[250%] origin-top-left scale-40 border-0"
      />
    </span>
  );
}
