"use strict";
/* On a notebook's page: show everything, or only what a class of so many minutes sees. */

document.addEventListener("DOMContentLoaded", () => { // what scrolls sideways can be reached by keys
  for (const box of document.querySelectorAll("pre, .cell_output, .table-wrapper, .interactive")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
});

document.addEventListener("DOMContentLoaded", () => {
  const sections = [...document.querySelectorAll("section.in-class")];
  if (!sections.length) return;
  const routes = { all: "everything", 180: "the class of 180 minutes", 90: "the class of 90 minutes" };
  const offered = Object.keys(routes).filter(
    (route) => route === "all" || sections.some((one) => one.classList.contains(`route-${route}`)));
  const chooser = document.createElement("p");
  chooser.className = "routes";
  const option = (route) => `<option value="${route}">${routes[route]}</option>`;
  chooser.innerHTML = `<label>Show <select>${["all", "180", "90"].filter((r) => offered.includes(r)).map(option).join("")}</select></label>`;
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
