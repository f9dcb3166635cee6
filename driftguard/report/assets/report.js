"use strict";
// Filters the findings. The state stands in the address after the #, so that a view can be
// bookmarked and sent: report.html#severity=critical&text=sg-
(function () {
  var form = document.getElementById("filter");
  if (!form) {
    return;
  }
  var rows = Array.prototype.slice.call(document.querySelectorAll("section:not(.apart) tbody tr"));
  var texts = null;
  var shown = document.getElementById("shown");
  var none = document.getElementById("none");
  var names = ["severity", "kind", "type", "stack", "rule"];

  function matches(row, number, words, chosen) {
    for (var name in chosen) {
      if (row.getAttribute("data-" + name) !== chosen[name]) {
        return false;
      }
    }
    return words.every(function (word) {
      return texts[number].indexOf(word) >= 0;
    });
  }

  function apply() {
    var chosen = {};
    var state = [];
    names.forEach(function (name) {
      var value = form.elements[name].value;
      if (value) {
        chosen[name] = value;
        state.push(name + "=" + encodeURIComponent(value));
      }
    });
    var text = form.elements.text.value;
    var words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) {
      state.push("text=" + encodeURIComponent(text));
      texts = texts || rows.map(function (row) { return row.textContent.toLowerCase(); });
    }
    var count = 0;
    rows.forEach(function (row, number) {
      var visible = matches(row, number, words, chosen);
      count += visible ? 1 : 0;
      if (row.hidden === visible) {
        row.hidden = !visible;
      }
    });
    none.hidden = count > 0;
    shown.textContent = count.toLocaleString("en") + " of " + rows.length.toLocaleString("en") + " shown";
    remember(state.join("&"));
  }

  function remember(state) {
    try {
      history.replaceState(null, "", state ? "#" + state : location.pathname + location.search);
    } catch (error) {
      // A page in a sandbox has no history of its own; the filter works without.
    }
  }

  function recall() {
    var state = location.hash.slice(1);
    if (state.indexOf("=") < 0) {
      return;
    }
    state.split("&").forEach(function (pair) {
      var at = pair.indexOf("=");
      var field = names.concat("text").indexOf(pair.slice(0, at)) < 0 ? null : form.elements[pair.slice(0, at)];
      try {
        if (field) {
          field.value = decodeURIComponent(pair.slice(at + 1));
        }
      } catch (error) {
        // Half an escape, as where a link was cut: as if it said nothing.
      }
      if (field && field.selectedIndex === -1) {
        field.value = "";
      }
    });
  }

  var waiting = 0;
  form.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
  });
  form.addEventListener("reset", function () {
    setTimeout(apply, 0);
  });
  window.addEventListener("hashchange", function () {
    recall();
    apply();
  });
  // On paper nothing can be opened, so it is before; browsers that know ::details-content need not.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("tr:not([hidden]) details:not([open]), li details:not([open])").forEach(function (one) {
      one.open = true;
      one.setAttribute("data-for-print", "");
    });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details[data-for-print]").forEach(function (one) {
      one.open = false;
      one.removeAttribute("data-for-print");
    });
  });
  form.hidden = false;
  recall();
  if (form.elements.text.value || names.some(function (name) { return form.elements[name].value; })) {
    apply();
  } else {
    shown.textContent = rows.length.toLocaleString("en") + " shown";
  }
})();
