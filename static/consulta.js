// Makes pages nicer where script runs; every page works without it.
(function () {
  "use strict";

  // After a rejected form the reader, and the keyboard, start at the summary of errors.
  var summary = document.querySelector(".error-summary");
  if (summary) {
    summary.tabIndex = -1;
    summary.focus();
  }

  // textarea[data-limit="2000"]; other languages give data-left and data-over with {n} in them.
  document.querySelectorAll("textarea[data-limit]").forEach(function (area) {
    var limit = Number(area.dataset.limit);
    var left = area.dataset.left || "Le quedan {n} caracteres.";
    var over = area.dataset.over || "Sobran {n} caracteres: acorte el texto.";
    var format = new Intl.NumberFormat(document.documentElement.lang || "es-MX");
    var shown = document.createElement("p");
    var spoken = document.createElement("p");
    var timer;
    shown.setAttribute("aria-hidden", "true");
    spoken.className = "visually-hidden";
    spoken.setAttribute("role", "status");
    area.after(shown, spoken);

    function update() {
      var rest = limit - Array.from(area.value).length;
      var text = (rest < 0 ? over : left).replace("{n}", format.format(Math.abs(rest)));
      shown.className = rest < 0 ? "hint count--over" : "hint";
      shown.textContent = text;
      clearTimeout(timer);
      // Spoken only after a pause in typing, and only when little room is left.
      timer = setTimeout(function () { spoken.textContent = rest < limit / 5 ? text : ""; }, 1000);
    }
    area.addEventListener("input", update);
    window.addEventListener("pageshow", update);
    update();
  });

  // <button type="button" data-copy="#folio" hidden>: shown only where script can copy.
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var source = document.querySelector(button.dataset.copy);
    if (!source) { return; }
    var label = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");

    function select() {
      var range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
    }
    function done() {
      button.textContent = button.dataset.copied || "Copiado";
      setTimeout(function () { button.textContent = label; }, 4000);
    }
    button.addEventListener("click", function () {
      if (navigator.clipboard) {
        navigator.clipboard.writeText(source.textContent.trim()).then(done, select);
      } else {
        // Without a secure connection the text is selected, so that the person can copy it.
        select();
      }
    });
  });

  // table[data-keys]: j and k move, x marks, Enter opens; never while something is being written.
  document.querySelectorAll("table[data-keys]").forEach(function (table) {
    var rows = Array.from(table.tBodies[0].rows);
    var here = -1;
    document.querySelectorAll("[data-keys-help]").forEach(function (hint) { hint.hidden = false; });

    function go(to) {
      if (!rows[to]) { return; }
      if (rows[here]) { rows[here].classList.remove("is-here"); }
      here = to;
      rows[here].classList.add("is-here");
      var link = rows[here].querySelector("td a");
      if (link) { link.focus(); }
    }
    document.addEventListener("keydown", function (event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select")) { return; }
      if (event.key === "j") { go(here + 1); }
      if (event.key === "k") { go(here - 1); }
      if (event.key === "a") {
        var boxes = Array.from(table.querySelectorAll("input[type=checkbox]"));
        var all = boxes.every(function (item) { return item.checked; });
        boxes.forEach(function (item) { item.checked = !all; });
      }
      if (event.key === "x" && rows[here]) {
        var box = rows[here].querySelector("input[type=checkbox]");
        if (box) { box.click(); }
      }
    });
  });

  // form[data-autosave]: keeps what is typed every so often; the mark of what is kept is in [data-saved].
  document.querySelectorAll("form[data-autosave]").forEach(function (form) {
    var mark = form.querySelector("[data-saved]");
    var kept = new URLSearchParams(new FormData(form)).toString();
    var leaving = false;
    function save() {
      var body = new URLSearchParams(new FormData(form));
      if (leaving || body.toString() === kept) { return; }
      kept = body.toString();
      body.set("accion", form.dataset.autosave);
      fetch(form.action, { method: "POST", body: body, credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        var hour = new Intl.DateTimeFormat(document.documentElement.lang || "es-MX", { hour: "numeric", minute: "2-digit" });
        mark.textContent = mark.dataset.saved.replace("{hora}", hour.format(new Date()));
      }).catch(function () { kept = ""; mark.textContent = mark.dataset.unsaved; });
    }
    form.addEventListener("submit", function () { leaving = true; });
    setInterval(save, 15000);
  });

  // [data-exit]: leaves at once and takes this page out of the way back.
  document.querySelectorAll("[data-exit]").forEach(function (link) {
    link.addEventListener("click", function (event) {
      event.preventDefault();
      location.replace(link.href);
    });
  });
})();
