package blockdev.preset;

/**
 * A number of a preset, and what is known about it.
 *
 * @param value in the parameter's unit
 * @param source who says so, in a few words
 * @param least of the plausible range, {@code value} if none is known
 * @param most of the plausible range, likewise
 */
public record Figure(
    Parameter parameter, long value, Mark mark, String source, long least, long most) {
  /** The value with its unit, for people. */
  public String text() {
    return parameter.unit().text(value);
  }

  public boolean hasRange() {
    return least != most;
  }
}
