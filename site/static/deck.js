"use strict";
/* Fill slides with the blocks of each section, measured as they stand: one thought a slide. */

const LOWEST = 680, WIDEST = 1168, WORDS = 75; // pixels that a slide has for its content; its words
const SMALLEST = 0.8; // of the letters; what would need smaller ones stands on a slide of its own
const ALONE = ["figure", "code", "card"]; // these begin a slide
const LATER = ["result", "answer", "seen"]; // these wait for a key
const route = new URLSearchParams(location.search).get("route");
const slides = document.querySelector(".slides");

const words = (element) => element.textContent.split(/\s+/).filter(Boolean).length;

const bottom = (slide) =>
  slide.lastElementChild.getBoundingClientRect().bottom - slide.getBoundingClientRect().top;

/** The verdict of a card waits for a key instead of for a click. */
function openFold(block) {
  const fold = block.querySelector("details");
  if (!fold) return;
  const verdict = document.createElement("div");
  verdict.className = "fragment verdict";
  verdict.append(...[...fold.children].filter((child) => child.tagName !== "SUMMARY"));
  fold.replaceWith(verdict);
}

/** Whether a slide holds more than it has room for. */
const over = (slide) => bottom(slide) > LOWEST ||
  [...slide.querySelectorAll("pre, table")].some((one) => one.scrollWidth > WIDEST);

/** Make letters and figures smaller until the slide holds its content; return how small. */
function shrink(slide) {
  let size = Number(slide.style.getPropertyValue("--size") || 1);
  for (; over(slide) && size > 0.4; size -= 0.04) slide.style.setProperty("--size", size - 0.04);
  return size;
}

function fill(section) {
  const notes = section.querySelector(":scope > .notes");
  let slide = null, figure = null, before = "";
  const turn = (recalled) => {
    slide = document.createElement("section");
    slide.innerHTML = `<h2></h2><div class="content"></div>`;
    slide.firstChild.textContent = section.dataset.title;
    slide.classList.toggle("recalled", recalled);
    if (recalled) slide.firstChild.after(figure.cloneNode());
    section.append(slide);
  };
  for (const block of section.querySelectorAll(":scope > div")) {
    const kind = block.dataset.kind;
    if (kind === "card") openFold(block);
    if (LATER.includes(kind)) block.classList.add("fragment");
    const recalls = kind === "seen" && figure !== null; // what is said of a figure stands below it
    const begins = ALONE.includes(kind) || (["text", "seen"].includes(kind) && kind !== before);
    if (!slide || begins) turn(recalls);
    const content = slide.querySelector(".content"), held = words(content), size = slide.style.cssText;
    const isFirst = !content.children.length;
    content.append(block);
    const wordy = kind !== "result" && held + words(block) > WORDS;
    if ((held && (over(slide) || wordy)) || (!isFirst && shrink(slide) < SMALLEST)) {
      slide.style.cssText = size;
      turn(recalls);
      slide.querySelector(".content").append(block);
    }
    if (kind === "figure") figure = block.querySelector("img");
    before = kind;
    shrink(slide);
  }
  const made = section.querySelectorAll(":scope > section");
  for (const each of made) {
    each.append(notes.cloneNode(true));
    each.dataset.timing = Math.round((60 * section.dataset.minutes) / made.length); // for the speaker
  }
  notes.remove();
}

slides.classList.add("filling"); // all slides stand at their full size
for (const section of [...slides.children]) {
  if (route && !section.dataset.routes.split(" ").includes(route)) section.remove();
  else fill(section);
}

slides.classList.remove("filling");
const planned = [...document.querySelectorAll("[data-timing]")].reduce((sum, one) => sum + Number(one.dataset.timing), 0);
Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, hash: true, slideNumber: "c/t", defaultTiming: 30,
  transition: "none", controls: true, plugins: [RevealNotes], keyboard: { 84: startOrStop },
});

/* The deck's own clock: T starts and stops it. */
let started = null;
const clock = document.getElementById("clock");
const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, "0")}`;

function startOrStop() {
  started = started === null ? Date.now() : null;
  tick();
}

/** Show the time since the start beside the minutes counted up to this slide. */
function tick() {
  const all = [...document.querySelectorAll("[data-timing]")];
  const here = all.slice(0, all.indexOf(Reveal.getCurrentSlide()) + 1);
  const due = here.reduce((sum, one) => sum + Number(one.dataset.timing), 0);
  const passed = started === null ? 0 : (Date.now() - started) / 1000;
  const times = { passed: minutes(passed), due: minutes(due), planned: minutes(planned) };
  const late = passed > due + 60 ? say(", late") : "";
  clock.textContent = started === null ? "" : say("{passed}, planned {due} of {planned}", times) + late;
}
setInterval(tick, 1000);
