/** An issue of a newsletter: one lead story, a pull quote, two short stories, dates. */
export const newsletterStarter = {
  key: "newsletter",
  subject: "The spring issue: what we learned this season",
  preheader: "One long read, two short ones and three dates worth keeping.",
  source: `<mjml lang="en">
  <mj-head>
    <mj-attributes>
      <mj-all font-family="-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-section padding="0" background-color="#ffffff" css-class="card" />
      <mj-text padding="0 40px" font-size="17px" line-height="27px" color="#33403b" css-class="ink gutter" />
      <mj-class name="kicker" font-size="14px" line-height="20px" letter-spacing="0.6px" font-weight="600" color="#1b6b52" css-class="accent gutter" />
      <mj-class name="headline" font-family="Georgia, 'Times New Roman', serif" color="#14211c" css-class="strong gutter" />
      <mj-class name="small" font-size="14px" line-height="22px" color="#5d6863" css-class="soft gutter" />
    </mj-attributes>
    <mj-style>
      a { color: #1b6b52; }
      @media only screen and (max-width: 480px) {
        .gutter { padding-left: 24px !important; padding-right: 24px !important; }
        .title div { font-size: 34px !important; line-height: 40px !important; }
        .pair > table > tbody > tr > td { padding-left: 0 !important; padding-right: 0 !important; }
        .stack { padding-bottom: 28px !important; }
      }
      @media (prefers-color-scheme: dark) {
        body, body > div { background-color: #101513 !important; }
        .page, .page > table { background-color: #101513 !important; }
        .card, .card > table { background-color: #19211e !important; }
        .tint, .tint > table { background-color: #21302a !important; }
        .ink div { color: #cdd6d1 !important; }
        .strong div { color: #f3f6f4 !important; }
        .soft div { color: #a3b0aa !important; }
        .accent div, .ink a, .soft a, .strong a { color: #7fd1b2 !important; }
        .rule p { border-top-color: #33403b !important; }
        .button td, .button a { background-color: #7fd1b2 !important; color: #0c1712 !important; }
      }
    </mj-style>
    <mj-raw>
      <meta name="color-scheme" content="light dark">
      <meta name="supported-color-schemes" content="light dark">
    </mj-raw>
  </mj-head>

  <mj-body background-color="#eef0ec" width="600px">
    <mj-section background-color="#eef0ec" css-class="page" padding="20px 0 0">
      <mj-column><mj-spacer height="4px" /></mj-column>
    </mj-section>

    <!-- The name of your newsletter -->
    <mj-section padding="36px 0 0" border-top="6px solid #1b6b52">
      <mj-column>
        <mj-text mj-class="headline" font-size="22px" line-height="28px" font-weight="700">{{ workspace.name }}</mj-text>
        <mj-text mj-class="small" padding="4px 40px 0">Notes from the workshop, once a season</mj-text>
      </mj-column>
    </mj-section>

    <!-- The long read -->
    <mj-section padding="44px 0 0">
      <mj-column>
        <mj-text mj-class="kicker" padding="0 40px 10px">The long read</mj-text>
        <mj-text mj-class="headline" css-class="strong gutter title" font-size="42px" line-height="48px" letter-spacing="-0.6px">
          What a slow season taught us about good work
        </mj-text>
        <mj-text padding="24px 40px 0">
          Hello {{ subscriber.first_name | default: "there" }}, this spring we did less, on purpose. We closed the order
          book for three weeks, walked every step of how things are made here, and wrote down what surprised us.
        </mj-text>
        <mj-text padding="16px 40px 0">
          Most of it was small: a bench in the wrong place, a form nobody read, a question customers had been asking for
          years. Here is what we changed, and what it did to the waiting time.
        </mj-text>
        <mj-button css-class="button gutter" href="https://example.com/long-read" align="left" padding="28px 40px 0" inner-padding="14px 26px" background-color="#1b6b52" color="#ffffff" font-size="16px" font-weight="600" border-radius="6px">
          Read the whole story
        </mj-button>
      </mj-column>
    </mj-section>

    <mj-section padding="48px 0 0">
      <mj-column><mj-spacer height="1px" /></mj-column>
    </mj-section>

    <!-- A sentence worth remembering -->
    <mj-section background-color="#e3ede6" css-class="tint" padding="36px 0">
      <mj-column>
        <mj-text mj-class="headline" font-size="25px" line-height="35px" font-style="italic">
          “We had been measuring how fast we answer. Nobody had asked whether the answer helped.”
        </mj-text>
        <mj-text mj-class="small" padding="14px 40px 0">Marta Lind, head of the workshop</mj-text>
      </mj-column>
    </mj-section>

    <!-- Two short stories -->
    <mj-section css-class="card pair" padding="44px 20px 0">
      <mj-column css-class="stack" padding="0">
        <mj-text mj-class="headline" padding="0 20px" font-size="22px" line-height="29px">
          <a href="https://example.com/repairs" style="color: inherit; text-decoration: none;">Repairs are free from now on</a>
        </mj-text>
        <mj-text padding="10px 20px 0" font-size="16px" line-height="25px">
          Bring back anything we made, whatever its age. We mend it while you wait.
          <a href="https://example.com/repairs">How it works</a>
        </mj-text>
      </mj-column>
      <mj-column padding="0">
        <mj-text mj-class="headline" padding="0 20px" font-size="22px" line-height="29px">
          <a href="https://example.com/oak" style="color: inherit; text-decoration: none;">Where our oak comes from</a>
        </mj-text>
        <mj-text padding="10px 20px 0" font-size="16px" line-height="25px">
          Two forests, one sawmill, forty kilometres. We drew the map.
          <a href="https://example.com/oak">See the map</a>
        </mj-text>
      </mj-column>
    </mj-section>

    <!-- Dates -->
    <mj-section padding="40px 0 0">
      <mj-column>
        <mj-divider css-class="rule gutter" padding="0 40px" border-width="1px" border-color="#d9dfda" />
      </mj-column>
    </mj-section>
    <mj-section padding="28px 0 48px">
      <mj-column>
        <mj-text mj-class="kicker" padding="0 40px 12px">Come by</mj-text>
        <mj-text padding="0 40px 8px"><strong>12 April</strong>, open workshop, from ten to four</mj-text>
        <mj-text padding="0 40px 8px"><strong>26 April</strong>, joinery for beginners, four places left</mj-text>
        <mj-text padding="0 40px 0"><strong>9 May</strong>, an evening with the forester</mj-text>
      </mj-column>
    </mj-section>

    <!-- The footer: address and unsubscribe link have to stay -->
    <mj-section background-color="#eef0ec" css-class="page" padding="28px 0 40px">
      <mj-column>
        <mj-text mj-class="small">
          You get this because you subscribed to news from {{ workspace.name }}.<br />
          <a href="{{ unsubscribe_url }}">Unsubscribe</a>
        </mj-text>
        <mj-text mj-class="small" padding="12px 40px 0">{{ workspace.postal_address | newline_to_br }}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`,
} as const;
