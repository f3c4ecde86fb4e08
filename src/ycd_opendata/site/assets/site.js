/* What the pages do beyond being read: search, filters and sorting of a list, with an address for
   each state, and copying a citation. Without this script everything is still there to read. */
"use strict";

(() => {
  const LATER = 150; // milliseconds that a typist is waited for
  const STEP = 200; // rows that are drawn at once when all pages of a list are searched

  const byId = (id) => document.getElementById(id);
  const SHOWN = 10; // results of each kind on the page that searches everything

  // What a text is found by: letters of one width and case, and its numbers as digits alone.
  const SCALES = { 万: 1e4, 萬: 1e4, 亿: 1e8, 億: 1e8, 万亿: 1e12, 萬億: 1e12, million: 1e6, billion: 1e9, trillion: 1e12 };
  const SCALED = /(\d+(?:\.\d+)?) ?(万亿|萬億|[万萬亿億]|million|billion|trillion)/g;
  const narrow = (text) => text.normalize("NFKC").toLowerCase().replace(/(\d),(?=\d{3})/g, "$1");
  const counted = (text) => text.replace(SCALED, (_, figure, scale) => Math.round(figure * SCALES[scale]));
  const plain = (text) => {
    const found = narrow(text);
    const numbers = counted(found);
    return numbers === found ? found : `${found} ${numbers}`;
  };
  // The words that are sought; a long number stands alone and is no part of a longer one.
  const wordsOf = (query) => counted(narrow(query)).split(/\s+/).filter(Boolean)
    .map((word) => (/^\d{4,}$/.test(word) ? new RegExp(`(?<!\\d)${word}(?!\\d)`) : word));
  const holds = (text, word) => (typeof word === "string" ? text.includes(word) : word.test(text));

  for (const form of document.querySelectorAll(".find")) form.hidden = false;

  // Chinese has no spaces to break a heading at: lines may end after its words only.
  for (const head of Intl.Segmenter ? document.querySelectorAll(":is(h1, h2, h3):lang(zh)") : []) {
    head.classList.add("whole-words");
    for (const text of [...head.childNodes].filter((each) => each.nodeName === "#text")) {
      const words = new Intl.Segmenter("zh", { granularity: "word" }).segment(text.data);
      for (const { segment, isWordLike, index } of words) {
        if (isWordLike && !/[（《“‘「【(]$/.test(text.data.slice(0, index))) text.before(document.createElement("wbr"));
        text.before(segment);
      }
      text.remove();
    }
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = byId(button.dataset.copy);
      const said = button.parentElement.querySelector("[role=status]");
      try {
        await navigator.clipboard.writeText(source.textContent);
        said.textContent = button.dataset.done;
      } catch {
        getSelection().selectAllChildren(source);
        said.textContent = button.dataset.failed;
      }
    });
  }

  function say(tag, text, lang) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (lang) element.lang = lang;
    return element;
  }

  // Scripts and not fetch(), which a page that was opened from a folder may not use.
  function loadScripts(addresses) {
    return Promise.all(addresses.map((address) => new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    })));
  }

  const everything = byId("everything");
  if (everything) startSearch(everything, byId("found"), byId("results"));

  // Each file of data is [title, list, rows], each row [page, name, its language, info, also].
  function startSearch(form, status, results) {
    const { here, chunks, none, loading, failed, found, all } = form.dataset;
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    let kinds = null;
    let wanted = 0;

    async function show() {
      const query = form.elements.q.value.trim();
      const mine = ++wanted;
      sayLanguage(new URLSearchParams(query ? { q: query } : {}));
      if (!query) {
        results.replaceChildren();
        status.textContent = "";
        return;
      }
      if (!kinds) {
        status.textContent = loading;
        try {
          await loadScripts(chunks.split(" ").filter(Boolean));
        } catch {
          status.textContent = failed;
          return;
        }
        kinds ??= window.ycdSearch.map(([title, list, rows]) => ({
          title, list,
          rows: rows.map((row) => ({ row, name: plain(row[1]), text: plain(`${row[1]} ${row[3]} ${row[4]}`) })),
        }));
        if (mine !== wanted) return;
      }
      draw(query);
    }

    function draw(query) {
      const sought = wordsOf(query);
      const parts = [];
      const length = narrow(query).length;
      // How much of a name is not what is sought; 1 where it is found by something else.
      const apart = (name) => (sought.every((word) => holds(name, word)) ? 1 - Math.min(1, length / name.length) : 1);
      let total = 0;
      for (const { title, list, rows } of kinds) {
        const hits = rows.filter(({ text }) => sought.every((word) => holds(text, word)));
        if (!hits.length) continue;
        total += hits.length;
        for (const hit of hits) hit.apart = apart(hit.name);
        hits.sort((one, other) => one.apart - other.apart);
        const nearest = hits[0].apart;
        const asNear = hits.filter((hit) => hit.apart === nearest).length;
        parts.push({ title, list, hits, nearest, asNear });
      }
      // What is called so comes first: of one indicator and thirty figures, the indicator.
      parts.sort((one, other) => one.nearest - other.nearest || one.asNear - other.asNear);
      results.replaceChildren(...parts.map((part) => section(part, query)));
      status.textContent = total ? found.replace("{count}", number(total)) : none;
    }

    const listOf = (list, query) => `${list}?${new URLSearchParams({ q: query })}`;

    function section({ title, list, hits }, query) {
      const element = document.createElement("section");
      const head = element.appendChild(say("h2", `${title} `));
      head.append(say("small", number(hits.length)));
      const listed = element.appendChild(document.createElement("ul"));
      listed.className = "hits";
      for (const { row: [href, name, lang, info] } of hits.slice(0, SHOWN)) {
        const item = listed.appendChild(document.createElement("li"));
        const link = item.appendChild(say("a", name, lang));
        link.href = here + (href || listOf(list, query));
        item.append(say("small", info));
      }
      if (hits.length > SHOWN) {
        const more = element.appendChild(document.createElement("p")).appendChild(
          say("a", all.replace("{count}", number(hits.length))));
        more.href = here + listOf(list, query);
      }
      return element;
    }

    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        history.replaceState(null, "", `?${new URLSearchParams({ q: form.elements.q.value.trim() })}`);
        show();
      }, LATER);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      show();
    });
    form.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
    show();
  }

  const place = byId("list");
  if (place) startList(place, byId("filters"));

  function startList(place, form) {
    const table = place.querySelector("table");
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const columns = heads.map((head) => head.dataset.column);
    const labels = heads.map((head) => head.textContent);
    const facets = [...form.elements].map((each) => each.name)
      .filter((name) => name && name !== "q" && name !== "sort");
    const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });
    const number = (value) => value.toLocaleString(document.documentElement.lang);
    const total = Number(place.dataset.total);
    const chunks = place.dataset.chunks.split(" ").filter(Boolean);
    const onThisPage = [...body.rows].map(rowOfPage);
    const words = byId("count").textContent;
    const take = byId("take");
    let listed = onThisPage; // the rows that are shown, all of them
    let loaded = chunks.length ? null : onThisPage;
    let wanted = 0; // the latest state asked for: an older one that arrives late is dropped
    let more = null;

    // A row knows what it is found, filtered and sorted by, and makes its element when drawn.
    // One of the page is read when that is asked for the first time.
    function rowOfPage(element) {
      const shown = (cell) => [...cell.childNodes].filter((each) => each.nodeName !== "SMALL")
        .map((each) => each.textContent).join("");
      let known = null;
      const read = () => {
        const cells = [...element.cells];
        return {
          shown: cells.map(shown),
          text: plain(cells.map((cell) => cell.textContent).join(" ") + " " + element.dataset.also),
          values: Object.fromEntries(facets.map((name) => [name, element.dataset[name].split(" ")])),
          orders: cells.map((cell) => cell.dataset.order ?? cell.textContent),
        };
      };
      return {
        element: () => element,
        get shown() { return (known ??= read()).shown; },
        get text() { return (known ??= read()).text; },
        get values() { return (known ??= read()).values; },
        get orders() { return (known ??= read()).orders; },
      };
    }

    // The same from the data of the pages that are not open: [values, also, cells].
    function rowOfData([values, also, cells]) {
      const shown = cells.map(([words]) => words.map(([text]) => text).join(""));
      let element = null;
      return {
        element: () => (element ??= draw(cells)),
        shown,
        text: plain(shown.join(" ") + " " + cells.map((cell) => cell[2][0]).join(" ") + " " + also),
        values: Object.fromEntries(facets.map((name, index) => [name, values[index]])),
        orders: cells.map((cell, index) => cell[4] || shown[index]),
      };
    }

    function draw(cells) {
      const row = document.createElement("tr");
      cells.forEach(([words, href, below, kind, order], index) => {
        const cell = row.appendChild(document.createElement(index ? "td" : "th"));
        if (!index) cell.scope = "row";
        cell.dataset.label = labels[index];
        if (order) cell.dataset.order = order;
        let inner = cell;
        if (kind) cell.className = kind.split(" ")[0];
        if (kind.includes(" ")) {
          inner = cell.appendChild(document.createElement("span"));
          inner.className = kind;
        } else if (href) {
          inner = cell.appendChild(document.createElement("a"));
          inner.href = place.dataset.here + href;
        }
        for (const [text, lang] of words) inner.append(lang ? say("span", text, lang) : text);
        if (below[0]) cell.append(say("small", below[0], below[1]));
      });
      return row;
    }

    const load = () => loadScripts(chunks).then(() => window.ycdRows.flat().map(rowOfData));

    function read() {
      const asked = new URLSearchParams(location.search);
      for (const name of ["q", "sort", ...facets]) {
        form.elements[name].value = asked.get(name) ?? "";
        if (form.elements[name].selectedIndex === -1) form.elements[name].value = "";
      }
    }

    function state() {
      const found = new URLSearchParams();
      for (const name of ["q", ...facets, "sort"]) {
        const value = form.elements[name].value.trim();
        if (value) found.set(name, value);
      }
      return found;
    }

    async function show() {
      const asked = state();
      const mine = ++wanted;
      sayLanguage(asked);
      if (byId("jumps")) byId("jumps").hidden = asked.size > 0;
      if (chunks.length && !asked.size) return drawRows(onThisPage, total, true);
      if (!loaded) {
        byId("count").textContent = place.dataset.loading;
        try {
          loaded = await load();
        } catch {
          byId("count").textContent = place.dataset.failed;
          return;
        }
        if (mine !== wanted) return;
      }
      drawRows(ordered(loaded.filter(matching(asked)), asked.get("sort") ?? ""), total, false);
    }

    function matching(asked) {
      const sought = wordsOf(asked.get("q") ?? "");
      const chosen = facets.filter((name) => asked.has(name));
      return (row) =>
        chosen.every((name) => row.values[name].includes(asked.get(name))) &&
        sought.every((word) => holds(row.text, word));
    }

    function ordered(rows, sort) {
      const column = columns.indexOf(sort.replace(/^-/, ""));
      heads.forEach((head, index) => {
        if (index === column) head.ariaSort = sort.startsWith("-") ? "descending" : "ascending";
        else head.removeAttribute("aria-sort");
      });
      if (column < 0) return rows;
      const sign = sort.startsWith("-") ? -1 : 1;
      return rows.slice().sort(({ orders: one }, { orders: other }) => {
        const [a, b] = [one[column], other[column]];
        if (!a || !b) return (a ? 0 : 1) - (b ? 0 : 1); // what is empty stands last either way
        const difference = a - b;
        return sign * (Number.isNaN(difference) ? collator.compare(a, b) : difference);
      });
    }

    function drawRows(rows, count, asPaged) {
      const limit = chunks.length ? STEP : rows.length;
      listed = rows;
      body.replaceChildren(...rows.slice(0, asPaged ? rows.length : limit).map((row) => row.element()));
      if (byId("pages")) byId("pages").hidden = !asPaged;
      more?.remove();
      if (!asPaged && rows.length > limit) addMore(rows, limit);
      byId("count").textContent = !rows.length ? place.dataset.none
        : asPaged || (!chunks.length && rows.length === count) ? words
        : place.dataset.showing.replace("{shown}", number(rows.length)).replace("{count}", number(count));
      if (asPaged) ordered([], "");
    }

    // As CSV; a spreadsheet knows by the mark at its start that it is UTF-8, and runs no cell.
    function written(rows) {
      const cell = (text) => {
        const safe = /^([=+@\t\r]|-(?![\d.]))/.test(text) ? `'${text}` : text;
        return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
      };
      const lines = [labels, ...rows.map((row) => row.shown)];
      return `\ufeff${lines.map((cells) => cells.map(cell).join(",")).join("\r\n")}\r\n`;
    }

    take.addEventListener("click", async () => {
      if (!state().size) loaded ??= await load();
      const rows = state().size ? listed : loaded;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([written(rows)], { type: "text/csv" }));
      link.download = take.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    });

    function addMore(rows, shown) {
      more = document.createElement("button");
      more.type = "button";
      more.textContent = place.dataset.more;
      more.addEventListener("click", () => {
        const first = rows[shown].element();
        body.append(...rows.slice(shown, shown + STEP).map((row) => row.element()));
        shown += STEP;
        if (shown >= rows.length) more.remove();
        first.querySelector("a")?.focus();
      });
      place.append(more);
    }

    // Choosing makes a new entry in the browser's history; typing on changes the one it made.
    let typing = false;
    function changed(isTyping) {
      const asked = state();
      const address = asked.size ? `?${asked}` : location.pathname;
      if (`?${asked}` !== location.search) {
        history[isTyping && typing ? "replaceState" : "pushState"](null, "", address);
      }
      typing = isTyping;
      show();
    }

    let waiting = 0;
    form.addEventListener("input", (event) => {
      clearTimeout(waiting);
      if (event.target.name === "q") waiting = setTimeout(changed, LATER, true);
      else changed(false);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(waiting);
      changed(false);
    });
    form.addEventListener("reset", () => setTimeout(changed, 0, false));
    addEventListener("popstate", () => {
      typing = false;
      read();
      show();
    });

    heads.forEach((head, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const name = columns[index];
        form.elements.sort.value = form.elements.sort.value === name ? `-${name}` : name;
        changed(false);
      });
    });

    form.hidden = take.hidden = false;
    read();
    if (state().size) show(); // the page has the rows of a list of which nothing is asked
  }

  // The other language shows the same state of the list.
  function sayLanguage(asked) {
    for (const link of document.querySelectorAll("[data-keep-query]")) {
      link.search = asked.size ? `?${asked}` : "";
    }
  }
})();
