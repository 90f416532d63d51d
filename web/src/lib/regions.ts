/** Currencies, countries and zones offered where the server does not list them itself. */
export const CURRENCIES = [
  "CNY",
  "TWD",
  "HKD",
  "GBP",
  "EUR",
  "USD",
  "SGD",
  "MYR",
  "JPY",
  "AUD",
  "CAD",
  "NZD",
  "CHF",
  "SEK",
  "NOK",
  "DKK",
  "PLN",
  "INR",
  "KRW",
  "THB",
  "VND",
  "IDR",
  "PHP",
  "ZAR",
  "BRL",
  "MXN",
];

/** Browsers list some zones by names of long ago; people look for the names of today. */
const TODAY: Record<string, string> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
};

export function zoneNames(): string[] {
  const names = Intl.supportedValuesOf("timeZone").map((name) => TODAY[name] ?? name);
  return [...new Set(names)].sort();
}

/** Zones as people type them: New York, not New_York. */
export function zoneOptions(): { value: string; label: string }[] {
  return zoneNames().map((value) => ({ value, label: value.replaceAll("_", " ") }));
}

const COUNTRIES = ["CN", "TW", "HK", "GB", "US", "SG", "MY", "AU", "DE", "FR", "JP"];

/** What a country is called in the reader's language; what is no code stays as a file had it. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames([document.documentElement.lang], { type: "region" }).of(code) ?? code;
}

/** Countries by their names; `also` is offered, too. */
export function countryOptions(also?: string): { value: string; label: string }[] {
  const codes = also && !COUNTRIES.includes(also) ? [...COUNTRIES, also] : COUNTRIES;
  return codes.map((value) => ({ value, label: countryName(value) }));
}
