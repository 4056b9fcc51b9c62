"use strict";
/* On every page: the link to the other language keeps the place. Editions share the ids of cells,
   statements and terms. */
const SHARED = /^(cell-|term-|[wgra]\d+$)/;

document.addEventListener("DOMContentLoaded", () => {
  const link = document.querySelector(".edition a");
  link?.addEventListener("click", () => {
    const passed = [...document.querySelectorAll("article [id]")].filter(
      (one) => SHARED.test(one.id) && one.checkVisibility() && one.getBoundingClientRect().top < 100);
    const hash = window.scrollY > 0 && passed.length ? `#${passed.at(-1).id}` : "";
    link.href = link.getAttribute("href").replace(/[?#].*/, "") + location.search + hash;
  });
});

window.addEventListener("load", () => { // figures above the place were not there yet
  const place = document.getElementById(location.hash.slice(1));
  place?.scrollIntoView({ behavior: "instant" });
});

/* On a notebook's page: show everything, or only what a class of so many minutes sees. */

document.addEventListener("DOMContentLoaded", () => { // what scrolls sideways can be reached by keys
  for (const box of document.querySelectorAll("pre, .cell_output, .table-wrapper, .interactive")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
});

document.addEventListener("DOMContentLoaded", () => {
  const sections = [...document.querySelectorAll("section.in-class")];
  if (!sections.length) return;
  const routes = { all: say("everything"), 180: say("the class of 180 minutes"), 90: say("the class of 90 minutes") };
  const offered = Object.keys(routes).filter(
    (route) => route === "all" || sections.some((one) => one.classList.contains(`route-${route}`)));
  const chooser = document.createElement("p");
  chooser.className = "routes";
  const label = say("Show");
  const option = (route) => `<option value="${route}">${routes[route]}</option>`;
  chooser.innerHTML = `<label>${label} <select>${["all", "180", "90"].filter((r) => offered.includes(r)).map(option).join("")}</select></label>`;
  document.querySelector("article h1").after(chooser);
  const select = chooser.querySelector("select");
  const show = () => {
    const whole = select.value === "all";
    for (const one of sections[0].parentElement.querySelectorAll(":scope > section")) {
      one.hidden = !whole && !one.classList.contains(`route-${select.value}`);
    }
  };
  select.addEventListener("change", show);
  const asked = new URLSearchParams(location.search).get("route");
  if (offered.includes(asked)) select.value = asked;
  show();
  window.addEventListener("hashchange", () => { // a link into a section that is not shown
    if (document.getElementById(location.hash.slice(1))?.closest("section[hidden]")) {
      select.value = "all";
      show();
      document.getElementById(location.hash.slice(1)).scrollIntoView();
    }
  });
});
