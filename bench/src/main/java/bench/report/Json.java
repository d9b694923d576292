package bench.report;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.util.List;

/**
 * JSON, indented, with a line end. Records become objects whose fields are the components, in their
 * order. A number that JSON does not have (infinite, or none) is refused.
 */
public final class Json {
  private static final Gson GSON =
      new GsonBuilder()
          .disableHtmlEscaping()
          .setFormattingStyle(FormattingStyle.PRETTY.withNewline("\n"))
          .create();

  private Json() {}

  public static String text(Record value) {
    return GSON.toJson(value) + "\n";
  }

  /** What no record can name: fields in the order in which they were added. */
  public static String text(JsonElement value) {
    return GSON.toJson(value) + "\n";
  }

  /** An array of objects. */
  public static String text(List<? extends Record> values) {
    return GSON.toJson(values) + "\n";
  }
}
