/** The page's style sheet. One column, a serif for what is read and a sans for what is looked up; no network, no script. */
import { colours, mono, sans, serif } from "./theme.ts"

/**
 * A shadow at an edge of a table's box past which there is more: it stays at the edge, and a cover of the page's colour
 * moves over it with the table where that ends (Verou and Komarov, "Pure CSS scrolling shadows", 2012). Browsers that
 * know how far a box is scrolled say so in the caption too.
 */
const scrollShadows = ["left", "right"]
  .flatMap((side) => [
    `linear-gradient(to ${side},transparent,var(--paper) 60%) ${side}/2.5rem 100% no-repeat local`,
    `linear-gradient(to ${side},transparent,color-mix(in srgb,var(--ink) 26%,transparent)) ${side}/.9rem 100% no-repeat scroll`
  ])
  // Covers first: what stands first is painted on top.
  .sort((a, b) => Number(b.endsWith("local")) - Number(a.endsWith("local")))
  .join(",")

export const style = `${colours}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.55 ${serif};font-variant-numeric:lining-nums;counter-reset:figure table}
main{max-width:60rem;margin:0 auto;padding:2.75rem 1.25rem 4rem}
p{max-width:42rem;margin:.6rem 0;text-wrap:pretty}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
h1,h2,dt,dd,li,td,th,p,caption,figcaption{overflow-wrap:anywhere}
.head{padding-bottom:1.9rem;border-bottom:1px solid var(--rule)}
.eyebrow,.outcome{font:.8125rem/1.4 ${sans};margin:0;color:var(--muted)}
.eyebrow .mark{color:var(--ink);font-weight:600;margin-right:.6em}
.outcome{margin-top:2.6rem;font-weight:600;font-size:.9375rem;color:var(--ink)}
.others-of{margin-top:1.25rem}
.outcome-helped{color:var(--good)}.outcome-hurt{color:var(--bad)}.outcome-equivalent{color:var(--even)}.outcome-undecided{color:var(--open)}
h1{font-size:clamp(1.6rem,1.1rem + 2.3vw,2.6rem);line-height:1.18;font-weight:400;letter-spacing:-.008em;margin:.35rem 0 0;max-width:50rem;text-wrap:balance}
h1 .figures{display:block;font-size:clamp(1.05rem,.95rem + .5vw,1.3rem);line-height:1.4;letter-spacing:0;margin-top:.7rem;max-width:42rem;text-wrap:pretty}
h2{font-size:1.375rem;line-height:1.25;font-weight:600;margin:0 0 .7rem}
section{margin-top:3.25rem}
.grounds{margin-top:1.75rem;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:1.5rem 3rem}
.grounds>div>*+h2{margin-top:1.5rem}
.grounds h2{font:600 .8125rem/1.4 ${sans};color:var(--muted);margin:0 0 .45rem}
.grounds ul{margin:0;padding-left:1.05rem;font-size:.9375rem;line-height:1.5}
.grounds li{margin:.3rem 0}
.because{margin:0;font-size:.9375rem;line-height:1.45}
.because div{padding:.35rem 0;border-bottom:1px solid var(--grid)}
.because div:first-child{padding-top:0}
.because dt{font:.75rem/1.4 ${sans};color:var(--muted)}
.because dt::first-letter{text-transform:uppercase}
.because dd{margin:0;font-variant-numeric:lining-nums tabular-nums}
nav{font:.8125rem/1.6 ${sans};margin-top:2rem;padding:.65rem 0;border-top:1px solid var(--rule);border-bottom:1px solid var(--rule)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.4rem;list-style:none;margin:0;padding:0}
nav a{color:var(--ink);text-decoration:none}nav a:hover{text-decoration:underline}
figure{margin:1.25rem 0 1.75rem;counter-increment:figure}
figcaption{font:.8125rem/1.5 ${sans};color:var(--muted);max-width:46rem;margin-top:.6rem}
figcaption b{color:var(--ink);font-weight:600}
figcaption::before{content:"Figure " counter(figure) ". ";color:var(--ink);font-weight:600}
.panels{display:grid;grid-template-columns:minmax(0,1fr);gap:1.4rem 2rem}
@media(min-width:44rem){.columns-2{grid-template-columns:repeat(2,minmax(0,1fr))}.columns-3{grid-template-columns:repeat(3,minmax(0,1fr))}}
.panel{min-width:0}
.panel-title{font:600 .8125rem/1.4 ${sans};margin:0 0 .3rem}
.quiet{color:var(--muted);font-weight:400}
.chart{display:block;max-width:100%;height:auto;overflow:visible;font-family:${sans};font-variant-numeric:tabular-nums}
.narrow{display:none}
@media(max-width:43.99rem){.wide{display:none}.narrow{display:block}}
.scroll{counter-increment:table;overflow-x:auto;margin:1.25rem 0;font:.8125rem/1.4 ${sans};max-width:100%;container-type:inline-size scroll-state;background:${scrollShadows}}
@container scroll-state(scrollable:x){caption::after{content:" (scroll sideways for more)";font-weight:400;color:var(--muted)}}
table{border-collapse:collapse;font-variant-numeric:lining-nums tabular-nums}
.scroll table{min-width:min(100%,22rem)}
caption{text-align:left;font-weight:600;padding-bottom:.45rem;caption-side:top}
.scroll caption{max-width:100cqi}
.scroll caption::before{content:"Table " counter(table) ". "}
th,td{text-align:left;padding:.34rem 1.1rem .34rem 0;vertical-align:baseline;font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--muted);font-size:.75rem;vertical-align:bottom;border-bottom:1px solid var(--ink);border-top:1.5px solid var(--ink);white-space:nowrap}
tbody tr+tr>*{border-top:1px solid var(--grid)}
tbody tr:last-child>*{border-bottom:1px solid var(--ink)}
.scroll th,.scroll td{overflow-wrap:normal}
.scroll td.number,.scroll th.number{text-align:right;white-space:nowrap}
tbody th{font-weight:500;max-width:18rem}
.scroll tbody th{min-width:7.5rem}
.scroll tbody th{overflow-wrap:anywhere}
code{font-family:${mono};font-size:.92em}
.digests code{font-size:.75rem}
.digests :is(th,td),tbody th code{white-space:nowrap}
.tests td{min-width:8.5rem;max-width:20rem;overflow-wrap:break-word}
.tests tbody th{min-width:9rem}
.settings td{min-width:8rem;overflow-wrap:anywhere}
.noted td:last-child{min-width:15rem;max-width:26rem}
.over>*{text-align:center;border-bottom:0!important;border-top:1.5px solid var(--ink)}
.over+tr>*{border-top:0}
.gallery{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:1.25rem 1.75rem}
.gallery li{max-width:100%}
.images{display:grid;grid-auto-flow:column;grid-auto-columns:minmax(0,128px);gap:4px}
.images img{display:block;width:100%;height:auto;aspect-ratio:1;object-fit:cover;background:var(--wash)}
.gallery p{font:.75rem/1.45 ${sans};margin:.4rem 0 0;max-width:17rem}
.views img{display:block;width:min(100%,30rem);height:auto}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:0 3rem;align-items:start}
.pair>*{min-width:0}
.others{font-size:.9375rem;line-height:1.5;max-width:46rem;margin:1.75rem 0 0;padding:0;list-style:none}
.others li{margin:.4rem 0}
.others b{font:600 .8125rem/1.4 ${sans};margin-right:.35em}
.arms{display:grid;gap:.5rem;margin:1rem 0 0;max-width:46rem}
.arms div{display:grid;grid-template-columns:minmax(0,13rem) minmax(0,1fr);gap:0 1.5rem}
.arms dt{font:600 .875rem/1.5 ${sans}}
.arms dd{margin:0;font-size:.9375rem;line-height:1.5}
@media(max-width:36rem){.arms div{grid-template-columns:minmax(0,1fr)}}
.swatch{display:inline-block;width:.7em;height:.7em;margin-right:.55em;border-radius:1px;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.confusions{display:flex;flex-wrap:wrap;gap:1.5rem 2rem}
.confusion{font:.8125rem/1.35 ${sans};border-collapse:separate;border-spacing:3px}
.confusion caption{font-weight:400;color:var(--muted);padding-left:3px}.confusion caption b{color:var(--ink)}
.confusion thead th{border:0;white-space:normal;text-align:center;padding:.2rem;max-width:5.25rem}
.confusion tbody th{color:var(--muted);font-size:.75rem;text-align:right;padding:.2rem .4rem;border:0;max-width:5.5rem;vertical-align:middle}
.confusion tbody td{width:5.25rem;height:3.7rem;text-align:center;padding:.3rem;border:0;vertical-align:middle;background:color-mix(in srgb,var(--arm) calc(var(--share)*32%),var(--wash));print-color-adjust:exact;-webkit-print-color-adjust:exact}
.confusion tbody tr>*{border:0!important}
.confusion td b{display:block;font-size:1.0625rem;font-weight:600}
.confusion td span{color:var(--ink);opacity:.75;font-size:.75rem}
details{margin:.6rem 0;font:.8125rem/1.5 ${sans}}
summary{cursor:pointer;color:var(--link);width:fit-content}
.small{font:.8125rem/1.5 ${sans};color:var(--muted);max-width:46rem}
footer{margin-top:3.5rem;padding-top:1rem;border-top:1px solid var(--rule);font:.8125rem/1.5 ${sans};color:var(--muted)}
@media print{
@page{size:A4;margin:17mm 15mm}
body{font-size:10.5pt}
main{max-width:none;padding:0}
nav,.skip,details{display:none}
.wide{display:block}.narrow{display:none}
h1{font-size:22pt}
h2{break-after:avoid}
section{margin-top:1.6rem}
figure,tr,.panel,.confusion{break-inside:avoid}
.scroll{overflow:visible;font-size:8pt;background:none}
.scroll th,.scroll td{padding-right:.6rem}
.scroll td.number,.scroll th.number,thead th{white-space:normal}
.digests code{font-size:6.5pt}
.digests :is(th,td),tbody th code{white-space:normal}
a{color:inherit}
}
`
