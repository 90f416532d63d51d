import { Tooltip } from "antd";
import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { Link, useLocation, useNavigation } from "react-router";
import { useMe, useMeta } from "@/api/session";
import { type Place, placeOf, placesFor } from "@/app/places";
import css from "@/app/shell/navigation.module.css";
import { t } from "@/lib/words";
import { BrandMark } from "@/ui/brand-mark";

/** The place one is in, or already on the way to. */
function useHere(): Place | undefined {
  const { pathname } = useLocation();
  return placeOf(useNavigation().location?.pathname ?? pathname);
}

function PlaceLink({ place, here, folded }: { place: Place; here: boolean; folded: boolean }) {
  const label = t(`ui.place.${place.key}`);
  const link = (
    <Link to={place.to} className={css.place} aria-current={here ? "page" : undefined} aria-label={label}>
      <place.icon size={18} strokeWidth={1.75} aria-hidden />
      {!folded && <span>{label}</span>}
    </Link>
  );
  return (
    <li>
      {folded ? (
        <Tooltip title={label} placement="right">
          {link}
        </Tooltip>
      ) : (
        link
      )}
    </li>
  );
}

export function Navigation({ folded, fold }: { folded: boolean; fold: (folded: boolean) => void }) {
  const places = placesFor(useMeta());
  const company = useMe().company;
  const here = useHere();
  const main = places.filter((place) => place.key !== "settings");
  const settings = places.find((place) => place.key === "settings");
  const foldLabel = t(folded ? "ui.shell.unfold" : "ui.shell.fold");
  return (
    <nav className={css.nav} data-folded={folded} aria-label={t("ui.shell.places")}>
      <Link to="/" className={css.company} aria-label={company.name}>
        <BrandMark size={24} />
        {!folded && <span>{company.name}</span>}
      </Link>
      <ul className={css.places}>
        {main.map((place) => (
          <PlaceLink key={place.key} place={place} here={place === here} folded={folded} />
        ))}
      </ul>
      <ul className={css.places}>
        {settings && <PlaceLink place={settings} here={settings === here} folded={folded} />}
        <li>
          <button type="button" className={css.place} onClick={() => fold(!folded)} aria-label={foldLabel}>
            {folded ? (
              <PanelLeftOpen size={18} strokeWidth={1.75} aria-hidden />
            ) : (
              <PanelLeftClose size={18} strokeWidth={1.75} aria-hidden />
            )}
            {!folded && <span>{foldLabel}</span>}
          </button>
        </li>
      </ul>
    </nav>
  );
}

/** Five places under the thumb. */
export function PhoneBar() {
  const places = placesFor(useMeta()).filter((place) => place.phone);
  const here = useHere();
  return (
    <nav className={css.phone} aria-label={t("ui.shell.places")}>
      {places.map((place) => (
        <Link key={place.key} to={place.to} aria-current={place === here ? "page" : undefined}>
          <place.icon size={20} strokeWidth={1.75} aria-hidden />
          <span>{t(`ui.place.${place.key}`)}</span>
        </Link>
      ))}
    </nav>
  );
}
