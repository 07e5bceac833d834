// Features in another order, and fewer of them; without scripts all stand there as given.
(() => {
  "use strict";
  const form = document.getElementById("controls");
  if (!form) return;
  const features = [...document.querySelectorAll("article.feature")].map((box) => ({
    box,
    home: box.parentNode,
    at: box.dataset.at.split(",").map(Number),
    name: box.querySelector("h3 bdi").textContent,
  }));
  if (features.length < 2) return;
  const { order, reverse, find, red, shown } = form.elements;
  const kinds = [...form.querySelectorAll("[name=kind]")];
  const pattern = () => {
    try {
      find.removeAttribute("aria-invalid");
      return new RegExp(find.value, "iu");
    } catch {
      find.setAttribute("aria-invalid", "true");
      return /(?:)/;
    }
  };
  const sort = () => {
    const sign = reverse.checked ? -1 : 1;
    features.sort((a, b) => sign * (a.at[order.value] - b.at[order.value]));
    for (const { box, home } of features) home.append(box);
  };
  const filter = () => {
    const wanted = pattern();
    const ticked = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const { box, name } of features) {
      box.hidden = !(wanted.test(name) && ticked.has(box.dataset.kind) && (!red.checked || "red" in box.dataset));
      count += !box.hidden;
    }
    const invalid = find.getAttribute("aria-invalid") === "true";
    shown.textContent = invalid ? "That is no regular expression." : `${count} of ${features.length} features`;
    for (const section of document.querySelectorAll("section.features")) {
      const count = section.querySelectorAll("article.feature:not([hidden])").length;
      const all = section.querySelectorAll("article.feature").length;
      section.querySelector("h2 small").textContent = count === all ? all : `${count} of ${all}`;
    }
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  order.addEventListener("change", sort);
  reverse.addEventListener("change", sort);
  form.addEventListener("input", filter);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#f']");
    const aim = link && document.getElementById(link.hash.slice(1));
    if (aim?.hidden) {
      find.value = "";
      red.checked = false;
      for (const box of kinds) box.checked = true;
      filter();
    }
  });
  form.hidden = false;
  filter();
})();
