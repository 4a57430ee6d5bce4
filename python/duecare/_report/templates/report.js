"use strict";
(function () {
  // A filter over cases and the list after them; without this script everything is shown.
  var tools = document.getElementById("tools");
  if (tools) {
    var items = Array.prototype.slice.call(document.querySelectorAll("article.case, #rest-rows > tr"));
    var texts = items.map(function (item) { return item.textContent.toLowerCase(); });
    var field = document.createElement("input");
    field.type = "search"; field.id = "filter"; field.autocomplete = "off";
    var label = document.createElement("label");
    label.htmlFor = "filter"; label.textContent = "Show only cases with these words ";
    var said = document.createElement("p");
    said.setAttribute("role", "status");
    field.addEventListener("input", function () {
      var words = field.value.toLowerCase().split(/\s+/).filter(Boolean), shown = 0;
      items.forEach(function (item, place) {
        var fits = words.every(function (word) { return texts[place].indexOf(word) >= 0; });
        item.hidden = !fits;
        if (fits) shown += 1;
      });
      said.textContent = words.length ? shown + " of " + items.length + " shown" : "";
    });
    tools.append(label, field, said);
  }
  // Columns of tables of duties can be sorted by number or word.
  Array.prototype.forEach.call(document.querySelectorAll("table.sortable"), function (table) {
    var body = table.tBodies[0];
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell, place) {
      var button = document.createElement("button");
      var paper = document.createElement("span");
      // Headings that repeat on paper do not show buttons.
      paper.className = "on-paper"; paper.textContent = cell.textContent;
      button.type = "button"; button.textContent = cell.textContent;
      cell.textContent = ""; cell.append(paper, button);
      button.addEventListener("click", function () {
        var down = cell.getAttribute("aria-sort") !== "descending";
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.prototype.slice.call(body.rows);
        rows.sort(function (a, b) {
          var x = a.cells[place].textContent.trim(), y = b.cells[place].textContent.trim();
          var n = parseFloat(x.replace(/,/g, "")), m = parseFloat(y.replace(/,/g, ""));
          var order = isNaN(n) || isNaN(m) ? x.localeCompare(y) : n - m;
          return down ? -order : order;
        });
        rows.forEach(function (row) { body.append(row); });
      });
    });
  });
  // A link into closed details opens them.
  function open() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var around = target && target.closest("details");
    if (around) { around.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", open);
  open();
})();
