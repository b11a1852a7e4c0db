/** One piece of news, said loudly: a hero, three reasons, one button. */
export const announcementStarter = {
  key: "announcement",
  subject: '{{ subscriber.first_name | default: "Good news" }}, it is here',
  preheader: "What is new, why it helps, and how to try it today.",
  source: `<mjml lang="en">
  <mj-head>
    <mj-attributes>
      <mj-all font-family="-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-section padding="0" background-color="#ffffff" css-class="card" />
      <mj-text padding="0 44px" font-size="17px" line-height="27px" color="#3a3748" css-class="ink gutter" />
      <mj-class name="number" align="left" font-size="30px" line-height="34px" font-weight="700" color="#d1432b" css-class="accent" />
      <mj-class name="point" padding="0 0 4px" font-size="18px" line-height="26px" font-weight="700" color="#1d1836" css-class="strong" />
      <mj-class name="small" font-size="14px" line-height="22px" color="#625e70" css-class="soft gutter" />
    </mj-attributes>
    <mj-style>
      a { color: #4b3fc4; }
      @media only screen and (max-width: 480px) {
        .gutter { padding-left: 24px !important; padding-right: 24px !important; }
        .hero { padding-left: 24px !important; padding-right: 24px !important; }
        .title div { font-size: 38px !important; line-height: 43px !important; }
        .rows > table > tbody > tr > td { padding-left: 24px !important; padding-right: 24px !important; }
      }
      @media (prefers-color-scheme: dark) {
        body, body > div { background-color: #0f0d18 !important; }
        .page, .page > table { background-color: #0f0d18 !important; }
        .card, .card > table { background-color: #1a1726 !important; }
        .hero-card, .hero-card > table { background-color: #352c9b !important; }
        .ink div { color: #cfcbdd !important; }
        .strong div { color: #f5f4fa !important; }
        .soft div { color: #a8a3b8 !important; }
        .accent div { color: #ff9a82 !important; }
        .ink a, .soft a { color: #b3abff !important; }
        .rule p { border-top-color: #37324d !important; }
        .button td, .button a { background-color: #b3abff !important; color: #14102b !important; }
      }
    </mj-style>
    <mj-raw>
      <meta name="color-scheme" content="light dark">
      <meta name="supported-color-schemes" content="light dark">
    </mj-raw>
  </mj-head>

  <mj-body background-color="#eeedf3" width="600px">
    <mj-section background-color="#eeedf3" css-class="page" padding="28px 0 16px">
      <mj-column>
        <mj-text font-size="16px" line-height="24px" font-weight="700" color="#1d1836" css-class="strong gutter">{{ workspace.name }}</mj-text>
      </mj-column>
    </mj-section>

    <!-- The news in one sentence -->
    <mj-section background-color="#3b31a8" css-class="hero-card" padding="52px 0 56px">
      <mj-column>
        <mj-text css-class="hero title" color="#ffffff" font-size="48px" line-height="53px" font-weight="800" letter-spacing="-1px">
          Plan a whole week in one quiet minute
        </mj-text>
        <mj-text css-class="hero" padding="20px 44px 0" color="#dedbff" font-size="19px" line-height="29px">
          Meet the new week view. It sorts what is due, shows what can wait, and leaves you the afternoon.
        </mj-text>
        <mj-button css-class="hero" href="https://example.com/week-view" align="left" padding="32px 44px 0" inner-padding="15px 30px" background-color="#ffcf5c" color="#221a00" font-size="17px" font-weight="700" border-radius="999px">
          Try the week view
        </mj-button>
      </mj-column>
    </mj-section>

    <mj-section padding="44px 0 0">
      <mj-column>
        <mj-text>
          Hi {{ subscriber.first_name | default: "there" }}, you asked for a calmer way to see what is coming.
          We spent the winter on it. Three things are different from today:
        </mj-text>
      </mj-column>
    </mj-section>

    <!-- Three reasons -->
    <mj-section css-class="card rows" padding="36px 44px 0">
      <mj-group>
        <mj-column width="14%" padding="0"><mj-text mj-class="number" padding="0">1</mj-text></mj-column>
        <mj-column width="86%" padding="0">
          <mj-text mj-class="point">Everything on one page</mj-text>
          <mj-text css-class="ink" padding="0" font-size="16px" line-height="25px">Tasks, meetings and notes stand side by side, sorted by the day they matter.</mj-text>
        </mj-column>
      </mj-group>
    </mj-section>
    <mj-section css-class="card rows" padding="28px 44px 0">
      <mj-group>
        <mj-column width="14%" padding="0"><mj-text mj-class="number" padding="0">2</mj-text></mj-column>
        <mj-column width="86%" padding="0">
          <mj-text mj-class="point">Moves itself when life moves</mj-text>
          <mj-text css-class="ink" padding="0" font-size="16px" line-height="25px">Miss a day and the rest slides along. You confirm with one tap, or put it back.</mj-text>
        </mj-column>
      </mj-group>
    </mj-section>
    <mj-section css-class="card rows" padding="28px 44px 0">
      <mj-group>
        <mj-column width="14%" padding="0"><mj-text mj-class="number" padding="0">3</mj-text></mj-column>
        <mj-column width="86%" padding="0">
          <mj-text mj-class="point">Quiet by default</mj-text>
          <mj-text css-class="ink" padding="0" font-size="16px" line-height="25px">One summary in the morning. No badges, no sounds, nothing after six.</mj-text>
        </mj-column>
      </mj-group>
    </mj-section>

    <mj-section padding="40px 0 0">
      <mj-column><mj-divider css-class="rule gutter" padding="0 44px" border-width="1px" border-color="#e0deea" /></mj-column>
    </mj-section>

    <mj-section padding="32px 0 48px">
      <mj-column>
        <mj-text>It is included in every plan, and it is already in your account.</mj-text>
        <mj-button css-class="button gutter" href="https://example.com/week-view" align="left" padding="24px 44px 0" inner-padding="14px 28px" background-color="#3b31a8" color="#ffffff" font-size="16px" font-weight="700" border-radius="999px">
          Open it now
        </mj-button>
      </mj-column>
    </mj-section>

    <!-- The footer: address and unsubscribe link have to stay -->
    <mj-section background-color="#eeedf3" css-class="page" padding="28px 0 40px">
      <mj-column>
        <mj-text mj-class="small">
          You get this because you subscribed to news from {{ workspace.name }}.<br />
          <a href="{{ unsubscribe_url }}">Unsubscribe</a>
        </mj-text>
        <mj-text mj-class="small" padding="12px 44px 0">{{ workspace.postal_address | newline_to_br }}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`,
} as const;
