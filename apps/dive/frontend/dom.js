/** Elements of the page: made from plain text only, so that names and values never become HTML. */

/** An element with attributes (`on…` are listeners, `text` its text) and children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

/** What the page looks like now: colours and font that Streamlit (or the style sheet) gives. */
export function themeOf(root) {
  const style = getComputedStyle(root);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    paper: style.backgroundColor,
    text: style.color,
    quiet: read("--dive-quiet"),
    line: read("--dive-line"),
    primary: read("--dive-primary"),
    font: style.fontFamily,
  };
}
