/** The part of MJML 5 that we use; the package ships no types. */
declare module "mjml" {
  type MjmlOptions = {
    validationLevel?: "skip" | "soft" | "strict";
    fonts?: Record<string, string>;
    ignoreIncludes?: boolean;
    keepComments?: boolean;
    minify?: boolean;
    beautify?: boolean;
    useMjmlConfigOptions?: boolean;
  };
  type MjmlResult = { html: string; errors: { line: number; message: string; tagName: string }[] };
  export default function mjml2html(source: string, options?: MjmlOptions): Promise<MjmlResult>;
}
