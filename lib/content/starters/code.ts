/** MJML to write on from: a letter. */
export const codeStarter = {
  key: "code",
  subject: "A short note from {{ workspace.name }}",
  preheader: "No pictures, no offers: something we wanted to tell you ourselves.",
  source: `<mjml lang="en">
  <mj-head>
    <mj-attributes>
      <mj-all font-family="Georgia, 'Times New Roman', serif" />
      <mj-section padding="0" />
      <mj-text padding="0 24px 20px" font-size="18px" line-height="30px" color="#23211d" css-class="ink" />
      <mj-class name="small" font-family="-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" font-size="14px" line-height="22px" color="#66615a" css-class="soft" />
    </mj-attributes>
    <mj-style>
      a { color: #9a3412; }
      @media (prefers-color-scheme: dark) {
        body, body > div { background-color: #171513 !important; }
        .ink div { color: #e4e0da !important; }
        .soft div { color: #aaa49b !important; }
        .ink a, .soft a { color: #f4a77c !important; }
        .rule p { border-top-color: #3a3631 !important; }
      }
    </mj-style>
    <mj-raw>
      <meta name="color-scheme" content="light dark">
      <meta name="supported-color-schemes" content="light dark">
    </mj-raw>
  </mj-head>

  <mj-body background-color="#fffdf9" width="600px">
    <mj-section padding="48px 0 0">
      <mj-column>
        <mj-text>Dear {{ subscriber.first_name | default: "reader" }},</mj-text>
        <mj-text>
          I wanted you to hear this from me and not from a banner: from next month we open on Sundays as well.
        </mj-text>
        <mj-text>
          It sounds small. For us it is not. It means a second shift, two new colleagues, and coffee that is roasted on the
          day you drink it. You asked for it in almost every letter we got last year, so thank you for not giving up.
        </mj-text>
        <mj-text>
          If you come by on the first Sunday, breakfast is on us. The details are
          <a href="https://example.com/sundays">on this page</a>, and a reply to this mail reaches me directly.
        </mj-text>
        <mj-text padding="8px 24px 0">Warmly,</mj-text>
        <mj-text padding="0 24px 36px" font-style="italic">Jonas, {{ workspace.name }}</mj-text>
        <mj-divider css-class="rule" padding="0 24px 24px" border-width="1px" border-color="#e5dfd4" />
        <!-- The footer: address and unsubscribe link have to stay -->
        <mj-text mj-class="small" padding="0 24px 10px">{{ workspace.postal_address | newline_to_br }}</mj-text>
        <mj-text mj-class="small" padding="0 24px 48px">
          You do not want these letters any more? <a href="{{ unsubscribe_url }}">Unsubscribe</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`,
} as const;
