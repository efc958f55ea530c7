/** The page before it is filled. Every element that is filled has an id, a heading or a label. */
export const MARKUP = `\
<a class="skip" href="#ops">Skip to the list of Ops</a>
<header class="top">
  <div>
    <h1 id="title"></h1>
    <p id="about" class="quiet"></p>
  </div>
  <button id="theme" type="button" class="plain"></button>
</header>
<main>
  <section aria-labelledby="totals-heading">
    <h2 id="totals-heading" class="unseen">Totals</h2>
    <dl id="totals"></dl>
  </section>
  <section aria-labelledby="filters-heading" class="filters">
    <h2 id="filters-heading" class="unseen">Filters</h2>
    <form id="filters" role="search">
      <label class="grow"><span>Search</span>
        <input id="search" type="search" autocomplete="off" spellcheck="false"
          placeholder="Request, profile, action, id …"></label>
      <fieldset id="outcomes"><legend>Outcome</legend></fieldset>
      <label><span>Profile</span><select id="profile"></select></label>
      <label><span>Mission</span><select id="mission"></select></label>
      <button id="clear" type="reset" class="plain">Clear</button>
    </form>
    <p id="count" role="status" aria-live="polite"></p>
  </section>
  <p id="nothing" hidden>No Op matches these filters.</p>
  <div class="pair">
    <section class="card" aria-labelledby="outcomes-heading">
      <h2 id="outcomes-heading">Outcomes</h2>
      <div id="outcomes-chart" class="chart" role="img"></div>
    </section>
    <section class="card" aria-labelledby="durations-heading">
      <h2 id="durations-heading">Durations</h2>
      <div id="durations-chart" class="chart" role="img"></div>
    </section>
  </div>
  <section class="card" aria-labelledby="timeline-heading">
    <div class="line">
      <h2 id="timeline-heading">Timeline</h2>
      <label class="inline"><span>by</span><select id="lanes">
        <option value="mission">mission and work package</option>
        <option value="profile">profile</option>
        <option value="actor">actor</option>
      </select></label>
      <div class="buttons" role="group" aria-label="Timeline zoom">
        <button id="earlier" type="button" class="plain" aria-label="Earlier">←</button>
        <button id="zoom-out" type="button" class="plain" aria-label="Zoom out">−</button>
        <button id="zoom-in" type="button" class="plain" aria-label="Zoom in">+</button>
        <button id="later" type="button" class="plain" aria-label="Later">→</button>
        <button id="zoom-all" type="button" class="plain">All</button>
      </div>
    </div>
    <div id="timeline-chart" class="chart tall" role="img"></div>
  </section>
  <section class="card" aria-labelledby="ops-heading">
    <div class="line">
      <h2 id="ops-heading">Ops</h2>
      <nav class="buttons" aria-label="Pages">
        <button id="previous" type="button" class="plain">Newer</button>
        <span id="page" class="quiet"></span>
        <button id="next" type="button" class="plain">Older</button>
      </nav>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="List of Ops">
      <table id="ops">
        <caption class="unseen">Ops; select a column heading to sort by it</caption>
        <thead><tr id="columns"></tr></thead>
        <tbody id="rows"></tbody>
      </table>
    </div>
  </section>
</main>
<dialog id="details" aria-labelledby="details-heading">
  <form method="dialog" class="line">
    <h2 id="details-heading"></h2>
    <button class="plain" aria-label="Close details">Close</button>
  </form>
  <div id="details-body"></div>
</dialog>
<noscript>This page needs JavaScript, which is turned off here.</noscript>`
