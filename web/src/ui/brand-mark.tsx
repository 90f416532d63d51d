import css from "@/ui/brand-mark.module.css";

/** Two rings that hold each other. */
export function BrandMark({ size = 32 }: { size?: number }) {
  return (
    <svg className={css.mark} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" className={css.ground} />
      <circle cx="12.5" cy="16" r="5.7" className={css.ring} />
      <circle cx="19.5" cy="16" r="5.7" className={css.ring} />
    </svg>
  );
}
