package bench.report;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated values (RFC 4180, with bare line feeds): a line of names, then a line each. */
public final class Csv {
  private Csv() {}

  /**
   * A line for each row: its components, then those of {@code common}, which stand in every line so
   * that each can be read alone.
   */
  public static String text(List<? extends Record> rows, Record common) {
    StringBuilder text = new StringBuilder();
    for (Record row : rows) {
      if (text.isEmpty()) {
        List<String> names = names(row);
        names.addAll(names(common));
        appendLine(text, names);
      }
      List<String> values = values(row);
      values.addAll(values(common));
      appendLine(text, values);
    }
    return text.toString();
  }

  private static List<String> names(Record row) {
    List<String> names = new ArrayList<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      names.add(component.getName());
    }
    return names;
  }

  private static List<String> values(Record row) {
    List<String> values = new ArrayList<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      try {
        values.add(String.valueOf(component.getAccessor().invoke(row)));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalArgumentException("cannot read " + component + " of a report row", e);
      }
    }
    return values;
  }

  private static void appendLine(StringBuilder text, List<String> cells) {
    text.append(cells.stream().map(Csv::quoted).collect(Collectors.joining(","))).append('\n');
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
