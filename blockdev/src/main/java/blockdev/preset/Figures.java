package blockdev.preset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** At most one figure for each parameter, in their order. Immutable. */
public final class Figures {
  static final Figures NONE = new Figures(new EnumMap<>(Parameter.class));

  private final Map<Parameter, Figure> figures;

  private Figures(EnumMap<Parameter, Figure> figures) {
    this.figures = Collections.unmodifiableMap(figures);
  }

  /** These and one more, instead of the one there is for that parameter. */
  Figures with(Parameter parameter, long value, Mark mark, String source) {
    return with(new Figure(parameter, value, mark, source, value, value));
  }

  /** As {@link #with(Parameter, long, Mark, String)}, with a plausible range. */
  Figures with(Parameter parameter, long value, Mark mark, String source, long least, long most) {
    return with(new Figure(parameter, value, mark, source, least, most));
  }

  private Figures with(Figure figure) {
    EnumMap<Parameter, Figure> more = new EnumMap<>(Parameter.class);
    more.putAll(figures);
    more.put(figure.parameter(), figure);
    return new Figures(more);
  }

  public boolean has(Parameter parameter) {
    return figures.containsKey(parameter);
  }

  /** The figure of {@code parameter}, null if there is none. */
  public @Nullable Figure get(Parameter parameter) {
    return figures.get(parameter);
  }

  /** The value of {@code parameter}, 0 if there is no figure. */
  public long value(Parameter parameter) {
    return valueOr(parameter, 0);
  }

  /** The value of {@code parameter}, or {@code otherwise} if there is no figure. */
  public long valueOr(Parameter parameter, long otherwise) {
    Figure figure = figures.get(parameter);
    return figure == null ? otherwise : figure.value();
  }

  int count(Parameter parameter) {
    return Math.toIntExact(value(parameter));
  }

  public List<Figure> all() {
    return new ArrayList<>(figures.values());
  }
}
