package bench.fio;

import bench.workload.Job;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fio job file: {@code [global]}, whose options hold for the jobs after it, then a section for
 * each job. {@code #} and {@code ;} begin comments; an option without a value is true.
 */
public final class JobFile {
  private static final Pattern SECTION = Pattern.compile("\\[([^\\]]+)\\]");
  private static final Pattern OPTION = Pattern.compile("([A-Za-z_]+)\\s*(?:=\\s*(.*))?");
  private static final String GLOBAL = "global";

  private final List<Section> sections = new ArrayList<>();
  private final JobOptions global = new JobOptions();

  private record Section(String name, JobOptions options) {}

  private JobFile() {}

  /**
   * The jobs of the file with these lines.
   *
   * @throws IllegalArgumentException if a line is none of the above, an option is not supported or
   *     has no such value, or there is no job; the message says where
   */
  public static List<Job> jobs(List<String> lines) {
    JobFile file = new JobFile();
    file.read(lines);
    if (file.sections.isEmpty()) {
      throw new IllegalArgumentException("there is no job: no [section] but [global]");
    }
    return file.sections.stream().map(section -> section.options.job(section.name)).toList();
  }

  private void read(List<String> lines) {
    String name = "";
    JobOptions options = null;
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).replaceFirst("(^|\\s)[#;].*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      Matcher section = SECTION.matcher(line);
      Matcher option = OPTION.matcher(line);
      if (section.matches()) {
        name = section.group(1).strip();
        options = name.equals(GLOBAL) ? global : new JobOptions(global);
        if (options != global) {
          sections.add(new Section(name, options));
        }
      } else if (!option.matches()) {
        throw new IllegalArgumentException(
            "line " + number + " is neither a [section] nor an option: " + line);
      } else if (options == null) {
        throw new IllegalArgumentException("line " + number + " comes before any [section]");
      } else {
        String value = option.group(2) == null ? "" : option.group(2);
        options.set(option.group(1), value, " in [" + name + "] line " + number);
      }
    }
  }
}
