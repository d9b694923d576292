package bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir private Path directory;

  private record Row(String name, double ratio, long count) {}

  private record Settings(String note) {}

  private record Report(Settings settings, List<Row> rows) {}

  @Test
  void aTableAlignsNumbersToTheRight() {
    TextTable table = new TextTable("key", "n", "share");
    table.add("a", "1000", "0.5");
    table.addGap();
    table.add("longer", "2", "1");
    assertThat(table)
        .hasToString(
            """
            key        n  share
            a       1000    0.5

            longer     2      1
            """);
  }

  @Test
  void aTableRefusesARowOfAnotherWidth() {
    assertThatThrownBy(() -> new TextTable("one").add("1", "2"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void csvHasALineOfNamesAndRepeatsTheSettingsInEachLine() {
    assertThat(Csv.text(List.of(new Row("a", 0.25, 3), new Row("b", 1, 4)), new Settings("x, y")))
        .isEqualTo(
            """
            name,ratio,count,note
            a,0.25,3,"x, y"
            b,1.0,4,"x, y"
            """);
  }

  @Test
  void csvDoublesQuotes() {
    assertThat(Csv.text(List.of(new Settings("say \"hi\"")), new Settings("")))
        .isEqualTo("note,note\n\"say \"\"hi\"\"\",\n");
  }

  @Test
  void jsonKeepsTheOrderOfComponents() {
    assertThat(Json.text(new Report(new Settings("µ<1>"), List.of(new Row("a", 0.25, 3)))))
        .isEqualTo(
            """
            {
              "settings": {
                "note": "µ<1>"
              },
              "rows": [
                {
                  "name": "a",
                  "ratio": 0.25,
                  "count": 3
                }
              ]
            }
            """);
  }

  @Test
  void jsonHasNoNumberThatIsNone() {
    assertThatThrownBy(() -> Json.text(new Row("a", Double.NaN, 0)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReportReplacesTheOldOneAndLeavesNothingElse() throws IOException {
    Path file = directory.resolve("out.csv");
    Files.writeString(file, "old and longer");
    new ReportFile(file).write("new\n");
    assertThat(file).hasContent("new\n");
    assertThat(directory.toFile().list()).containsExactly("out.csv");
  }

  @Test
  void aReportFileThatCannotBeIsRefusedBeforeThereIsAReport() {
    Path nowhere = directory.resolve("no/out.csv");
    assertThatThrownBy(() -> new ReportFile(directory)).hasMessage(directory + ": is a directory");
    assertThatThrownBy(() -> new ReportFile(nowhere))
        .hasMessage(nowhere + ": no such directory: " + nowhere.getParent());
  }
}
