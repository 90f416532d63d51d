/** Currencies and zones offered where the server does not list them itself. */
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

export function zoneNames(): string[] {
  return Intl.supportedValuesOf("timeZone");
}
