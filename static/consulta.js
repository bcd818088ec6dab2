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
})();
