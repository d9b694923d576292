package bench.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of aligned columns for a terminal: the first column to the left, the others, numbers as
 * they are, to the right.
 */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> lines = new ArrayList<>();

  public TextTable(String... headings) {
    lines.add(List.of(headings));
  }

  /**
   * @param cells as many as there are headings
   */
  public void add(String... cells) {
    if (cells.length != lines.getFirst().size()) {
      throw new IllegalArgumentException(
          cells.length + " cells in a table of " + lines.getFirst().size() + " columns");
    }
    lines.add(List.of(cells));
  }

  /** An empty line between groups of rows. */
  public void addGap() {
    lines.add(List.of());
  }

  /** All lines, each with its line end. */
  @Override
  public String toString() {
    int[] widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int column = 0; column < line.size(); column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> line : lines) {
      for (int column = 0; column < line.size(); column++) {
        String cell = line.get(column);
        String padding = " ".repeat(widths[column] - cell.length());
        text.append(column == 0 ? cell + padding : GAP + padding + cell);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
