/**
 * The picture of a run as a page of its own: what is violated, the drawing, and the command that makes it again. It needs nothing
 * beside it and runs no script; a wide drawing scrolls.
 */
import { element, escaped } from "../report/markup.ts";
import { drawScene } from "./draw.ts";
import type { Scene } from "./scene.ts";

/** The page's text. */
export function renderPicturePage(scene: Scene, command: string): string {
  const { title, breach } = scene;
  const head = element(
    "head",
    {},
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    '<link rel="icon" href="data:,">',
    element("title", {}, escaped(breach === null ? title : `${title}: ${breach.property} violated`)),
    `<style>${style}</style>`,
  );
  const main = element(
    "main",
    {},
    element("h1", {}, escaped(title)),
    element(
      "p",
      {},
      escaped(
        breach === null
          ? "No property that is expected is violated."
          : `${breach.property} is violated: ${breach.evidence}`,
      ),
    ),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": "space-time picture" },
      drawScene(scene, false),
    ),
    element("p", {}, "Pointing at a request, a record, a message or a fault says more. The command that draws this:"),
    element("pre", {}, escaped(command)),
  );
  return `<!doctype html>\n<html lang="en">\n${head}\n${element("body", {}, main)}\n</html>\n`;
}

const style = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif;--ground:#f6f8fa;--ink:#1d2733}
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#dbe3ec}}
body{margin:0;background:var(--ground);color:var(--ink)}main{max-width:1600px;margin:0 auto;padding:20px}
h1{font-size:20px;margin:0 0 4px}p{margin:4px 0 12px;max-width:110ch}.scroll{overflow-x:auto;border:1px solid #8884;border-radius:6px}
.scroll svg{display:block}pre{white-space:pre-wrap;overflow-wrap:anywhere}
`;
