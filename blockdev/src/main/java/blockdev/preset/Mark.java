package blockdev.preset;

import java.util.Locale;

/** How sure a number is. */
public enum Mark {
  /** Read in the source that decides it, or seen when running it. */
  VERIFIED,
  /** Said by the named source, not checked. */
  STATED,
  /** Measured by us, on a shared x86 machine. */
  MEASURED,
  /** Computed from numbers of other marks; the source says how. */
  DERIVED,
  /** Nobody publishes it; chosen to be plausible. */
  ASSUMED;

  /** As it is printed. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
