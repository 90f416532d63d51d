/** Paper, ink, jade: the only place that says a colour, a size or a font. Everything else names a token. */
import type { ThemeConfig } from "antd";

export type Mode = "light" | "dark";

const light = {
  paper: "#FAFAF9",
  surface: "#FFFFFF",
  raised: "#FFFFFF",
  sunken: "#F4F4F2",
  hover: "#F3F4F3",
  ink: "#1F2328",
  "ink-2": "#57606A",
  "ink-3": "#676F79",
  line: "#E5E7EB",
  "line-strong": "#D0D5DB",
  edge: "#868E98",
  off: "#676F79",
  jade: "#0F766E",
  "jade-hover": "#0D9488",
  "jade-pressed": "#115E59",
  "jade-text": "#0F766E",
  "jade-soft": "#E8F3F1",
  "on-jade": "#FFFFFF",
  kept: "#1A7F4B",
  "kept-soft": "#E7F4EC",
  risk: "#9A5B00",
  "risk-mark": "#D98E04",
  "risk-soft": "#FCF3E1",
  broken: "#B42318",
  "broken-soft": "#FCEBE9",
  "on-broken": "#FFFFFF",
  mark: "#FDF0B8",
  veil: "rgba(31, 35, 40, 0.36)",
  shadow: "0 8px 28px rgba(31, 35, 40, 0.12), 0 1px 3px rgba(31, 35, 40, 0.08)",
};

const dark: typeof light = {
  paper: "#131616",
  surface: "#191D1D",
  raised: "#212626",
  sunken: "#151919",
  hover: "#222828",
  ink: "#E7EAE8",
  "ink-2": "#A9B1B1",
  "ink-3": "#949D9D",
  line: "#2B3232",
  "line-strong": "#3B4343",
  edge: "#778080",
  off: "#6A7272",
  jade: "#0F766E",
  "jade-hover": "#12857B",
  "jade-pressed": "#115E59",
  "jade-text": "#4FC7B8",
  "jade-soft": "#16302D",
  "on-jade": "#FFFFFF",
  kept: "#5CC48A",
  "kept-soft": "#16301F",
  risk: "#E5B04C",
  "risk-mark": "#E5B04C",
  "risk-soft": "#33280F",
  broken: "#F2877C",
  "broken-soft": "#3A1C19",
  "on-broken": "#191D1D",
  mark: "#4A4113",
  veil: "rgba(0, 0, 0, 0.56)",
  shadow: "0 8px 28px rgba(0, 0, 0, 0.5), 0 1px 3px rgba(0, 0, 0, 0.4)",
};

const sizes = {
  "1": "4px",
  "2": "8px",
  "3": "12px",
  "4": "16px",
  "5": "20px",
  "6": "24px",
  "8": "32px",
  "12": "48px",
  small: "12px",
  body: "14px",
  title: "16px",
  headline: "20px",
  figure: "28px",
  control: "32px",
  dense: "28px",
  row: "36px",
  touch: "44px",
  radius: "6px",
  round: "999px",
  nav: "216px",
  "nav-folded": "56px",
  bar: "48px",
  "phone-bar": "56px",
  peek: "420px",
  reading: "680px",
};

/** Latin letters first: in a Chinese font the apostrophe of an English word is as wide as a character. */
const latin =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Ubuntu, "Liberation Sans"';
const hans = '"PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei"';
const hant = '"PingFang TC", "Noto Sans CJK TC", "Noto Sans TC", "Microsoft JhengHei"';

function font(language: string): string {
  const chinese = language === "zh-Hant" ? `${hant}, ${hans}` : `${hans}, ${hant}`;
  return `${latin}, ${chinese}, sans-serif`;
}

const mono = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace';

export function palette(mode: Mode): typeof light {
  return mode === "dark" ? dark : light;
}

/** Writes the tokens on the document, so that style sheets can name them. */
export function applyTokens(mode: Mode, language: string): void {
  const root = document.documentElement;
  root.dataset.theme = mode;
  root.lang = language;
  root.style.colorScheme = mode;
  for (const [name, value] of Object.entries(palette(mode))) root.style.setProperty(`--${name}`, value);
  for (const [name, value] of Object.entries(sizes)) root.style.setProperty(`--s-${name}`, value);
  root.style.setProperty("--font", font(language));
  root.style.setProperty("--mono", mono);
}

/** The same tokens in the words of Ant Design. */
export function antTheme(mode: Mode, language: string, still: boolean): ThemeConfig {
  const colour = palette(mode);
  return {
    cssVar: { key: "gx" },
    hashed: false,
    token: {
      motion: !still,
      fontFamily: font(language),
      fontSize: 14,
      fontSizeSM: 12,
      fontSizeLG: 14,
      borderRadius: 6,
      borderRadiusLG: 8,
      borderRadiusSM: 4,
      controlHeight: 32,
      controlHeightSM: 28,
      controlHeightLG: 40,
      sizeUnit: 4,
      sizeStep: 4,
      colorPrimary: colour.jade,
      colorPrimaryHover: colour["jade-hover"],
      colorPrimaryActive: colour.jade,
      colorPrimaryBg: colour["jade-soft"],
      colorInfo: colour.jade,
      colorSuccess: colour.kept,
      colorWarning: colour.risk,
      colorError: colour.broken,
      colorLink: colour["jade-text"],
      colorLinkHover: colour["jade-text"],
      colorBgBase: colour.surface,
      colorBgContainer: colour.surface,
      colorBgLayout: colour.paper,
      colorBgElevated: colour.raised,
      colorBgMask: colour.veil,
      colorText: colour.ink,
      colorTextSecondary: colour["ink-2"],
      colorTextTertiary: colour["ink-3"],
      colorTextDescription: colour["ink-2"],
      colorTextPlaceholder: colour["ink-3"],
      colorTextDisabled: colour["ink-3"],
      colorTextBase: colour.ink,
      colorTextQuaternary: colour["ink-3"],
      colorIcon: colour["ink-2"],
      colorIconHover: colour.ink,
      colorFill: colour.line,
      colorFillSecondary: colour.hover,
      colorFillTertiary: colour.sunken,
      colorFillQuaternary: colour.sunken,
      colorBgTextHover: colour.hover,
      colorBgTextActive: colour.line,
      colorBgContainerDisabled: colour.sunken,
      // Three to one against its ground: the edge is what shows where a field is.
      colorBorder: colour.edge,
      colorBorderSecondary: colour.line,
      colorBorderDisabled: colour["line-strong"],
      colorSplit: colour.line,
      colorFillAlter: colour.sunken,
      controlItemBgHover: colour.hover,
      controlItemBgActive: colour["jade-soft"],
      controlItemBgActiveHover: colour["jade-soft"],
      boxShadow: colour.shadow,
      boxShadowSecondary: colour.shadow,
      controlOutline: colour["jade-soft"],
      motionDurationFast: "0.08s",
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
      wireframe: false,
    },
    components: {
      Button: {
        defaultBorderColor: colour["line-strong"],
        // The hover colour of the accent is too light under white words; buttons go darker instead.
        colorPrimaryHover: colour["jade-pressed"],
        defaultHoverColor: colour["jade-text"],
        defaultHoverBorderColor: colour["jade-text"],
        defaultActiveColor: colour["jade-text"],
        defaultActiveBorderColor: colour["jade-text"],
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        dangerColor: colour["on-broken"],
        fontWeight: 500,
      },
      // As words on the ground of the page, the accent is the light one in the dark.
      Radio: { colorPrimary: colour["jade-text"], buttonCheckedBg: colour["jade-soft"] },
      // White words stand on it, and it stands out from the page.
      Switch: { colorTextQuaternary: colour.off, colorTextTertiary: colour.off },
      Dropdown: { colorPrimary: colour["jade-text"] },
      Input: { activeShadow: `0 0 0 1px ${colour.jade}`, errorActiveShadow: `0 0 0 1px ${colour.broken}` },
      InputNumber: {
        activeShadow: `0 0 0 1px ${colour.jade}`,
        errorActiveShadow: `0 0 0 1px ${colour.broken}`,
      },
      DatePicker: {
        activeShadow: `0 0 0 1px ${colour.jade}`,
        errorActiveShadow: `0 0 0 1px ${colour.broken}`,
      },
      Select: {
        activeOutlineColor: colour.jade,
        optionSelectedBg: colour["jade-soft"],
        optionSelectedColor: colour.ink,
      },
      Modal: { titleFontSize: 16 },
      Tabs: { horizontalItemPadding: "8px 0", titleFontSize: 14 },
      Tag: { defaultBg: colour.sunken, defaultColor: colour["ink-2"] },
      Tooltip: { colorBgSpotlight: mode === "dark" ? "#394141" : colour.ink, colorTextLightSolid: "#FFFFFF" },
      Form: { itemMarginBottom: 16, verticalLabelPadding: "0 0 4px" },
    },
  };
}
