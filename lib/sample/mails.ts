/*
 * The newsletters of Acme Coffee. One design, filled by each campaign: a roaster who writes plainly, no pictures, so that
 * nothing has to be fetched from anywhere.
 */

export interface SampleStory {
  kicker: string;
  title: string;
  text: string;
  link?: { label: string; href: string };
}

export interface SampleIssue {
  /** The line under the name. */
  dateline: string;
  title: string;
  /** Paragraphs of MJML text. */
  letter: readonly string[];
  button: { label: string; href: string };
  stories: readonly SampleStory[];
  footnote: string;
}

/** The MJML of one issue, with greeting, unsubscribe link and postal address. */
export function issueMjml(issue: SampleIssue): string {
  return `<mjml lang="en">
  <mj-head>
    <mj-attributes>
      <mj-all font-family="-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-section padding="0" background-color="#fffaf3" css-class="card" />
      <mj-text padding="0 36px" font-size="17px" line-height="27px" color="#3b2f27" css-class="ink gutter" />
      <mj-class name="headline" font-family="Georgia, 'Times New Roman', serif" color="#2a1d14" css-class="strong gutter" />
      <mj-class name="kicker" font-size="14px" line-height="20px" font-weight="600" color="#9a4a1c" css-class="accent gutter" />
      <mj-class name="small" font-size="14px" line-height="22px" color="#6d5d51" css-class="soft gutter" />
    </mj-attributes>
    <mj-style>
      a { color: #9a4a1c; }
      @media only screen and (max-width: 480px) {
        .gutter { padding-left: 22px !important; padding-right: 22px !important; }
        .title div { font-size: 31px !important; line-height: 37px !important; }
      }
      @media (prefers-color-scheme: dark) {
        body, body > div, .page, .page > table { background-color: #15110e !important; }
        .card, .card > table { background-color: #1f1915 !important; }
        .ink div { color: #dbd0c6 !important; }
        .strong div { color: #f7efe7 !important; }
        .soft div { color: #b5a699 !important; }
        .accent div, .ink a, .soft a, .strong a { color: #f0a36f !important; }
        .rule p { border-top-color: #40352d !important; }
        .button td, .button a { background-color: #f0a36f !important; color: #24170e !important; }
      }
    </mj-style>
    <mj-raw>
      <meta name="color-scheme" content="light dark">
      <meta name="supported-color-schemes" content="light dark">
    </mj-raw>
  </mj-head>

  <mj-body background-color="#f1e8dc" width="600px">
    <mj-section padding="34px 0 0" border-top="6px solid #9a4a1c">
      <mj-column>
        <mj-text mj-class="headline" font-size="22px" line-height="28px" font-weight="700">{{ workspace.name }}</mj-text>
        <mj-text mj-class="small" padding="4px 36px 0">${issue.dateline}</mj-text>
      </mj-column>
    </mj-section>

    <mj-section padding="36px 0 0">
      <mj-column>
        <mj-text mj-class="headline" css-class="strong gutter title" font-size="38px" line-height="44px" letter-spacing="-0.5px">
          ${issue.title}
        </mj-text>
        <mj-text padding="22px 36px 0">Hello {{ subscriber.first_name | default: "there" }},</mj-text>
${issue.letter.map((paragraph) => `        <mj-text padding="14px 36px 0">${paragraph}</mj-text>`).join("\n")}
        <mj-button css-class="button gutter" href="${issue.button.href}" align="left" padding="26px 36px 0" inner-padding="14px 26px" background-color="#9a4a1c" color="#ffffff" font-size="16px" font-weight="600" border-radius="6px">
          ${issue.button.label}
        </mj-button>
      </mj-column>
    </mj-section>
${issue.stories.map(storyMjml).join("\n")}
    <mj-section padding="36px 0 40px">
      <mj-column>
        <mj-text mj-class="small">${issue.footnote}</mj-text>
      </mj-column>
    </mj-section>

    <!-- The footer: address and unsubscribe link have to stay -->
    <mj-section background-color="#f1e8dc" css-class="page" padding="26px 0 40px">
      <mj-column>
        <mj-text mj-class="small">
          You get this because you subscribed to news from {{ workspace.name }}.<br />
          <a href="{{ unsubscribe_url }}">Unsubscribe</a>
        </mj-text>
        <mj-text mj-class="small" padding="12px 36px 0">{{ workspace.postal_address | newline_to_br }}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
}

function storyMjml({ kicker, title, text, link }: SampleStory): string {
  const more = link ? ` <a href="${link.href}">${link.label}</a>` : "";
  return `
    <mj-section padding="34px 0 0">
      <mj-column>
        <mj-divider css-class="rule gutter" padding="0 36px 26px" border-width="1px" border-color="#e2d5c5" />
        <mj-text mj-class="kicker" padding="0 36px 6px">${kicker}</mj-text>
        <mj-text mj-class="headline" font-size="23px" line-height="29px">${title}</mj-text>
        <mj-text padding="10px 36px 0">${text}${more}</mj-text>
      </mj-column>
    </mj-section>`;
}
