import { expect, test } from "vitest";
import type { Meta, OperationMeta } from "@/api/types";
import { setWords } from "@/lib/words";
import { fieldsOfOperation } from "@/records/forms/fields";

const status = {
  kind: "choice",
  label: "Status",
  choices: [
    { value: "new", label: "New" },
    { value: "open", label: "In work" },
    { value: "waiting", label: "Waits for the customer" },
  ],
};
const way = {
  kind: "choice",
  label: "Kind",
  choices: [
    { value: "email", label: "E-mail" },
    { value: "phone", label: "Phone" },
  ],
};
const meta = {
  records: {
    tickets: { name: "service.ticket", plural: "tickets", label: { one: "Ticket" }, fields: { status } },
    contact_points: {
      name: "customers.contact_point",
      plural: "contact_points",
      label: { one: "Way to reach" },
      fields: { kind: way, shared: { kind: "boolean", label: "Used by several" } },
    },
  },
} as unknown as Meta;

function asked(on: string, name: string, properties: object) {
  const operation = { on, input: { type: "object", properties } } as unknown as OperationMeta;
  return fieldsOfOperation(operation, name, meta);
}

test("values are called what a field of the record calls them", () => {
  const [to] = asked("tickets", "service.ticket.move", { to: { enum: ["open", "waiting"], type: "string" } });
  expect(to?.choices).toEqual([
    { value: "open", label: "In work" },
    { value: "waiting", label: "Waits for the customer" },
  ]);
});

test("values that no field takes all of keep their own name", () => {
  const [to] = asked("tickets", "service.ticket.move", { to: { enum: ["open", "lost"], type: "string" } });
  expect(to?.choices?.map(({ label }) => label)).toEqual(["open", "lost"]);
});

test("rows that make other records are worded like these", () => {
  const items = {
    type: "object",
    properties: {
      kind: { enum: ["email", "phone"], type: "string" },
      shared: { type: "boolean", title: "Shared" },
    },
  };
  const [ways] = asked("tickets", "service.ticket.create", { contact_points: { type: "array", items } });
  expect(ways?.rows?.map(({ label }) => label)).toEqual(["Kind", "Used by several"]);
  expect(ways?.rows?.[0]?.choices?.map(({ label }) => label)).toEqual(["E-mail", "Phone"]);
});

test("how long a text has to be is said before what else is told of it", () => {
  setWords("en", { "ui.form.least_characters": "At least {n} characters.", "x.y.password.help": "Keep it." });
  const [password, name] = asked("tickets", "x.y", {
    password: { type: "string", minLength: 10 },
    name: { type: "string", minLength: 1 },
  });
  expect(password?.help).toBe("At least 10 characters. Keep it.");
  expect(name?.help).toBeNull();
});
