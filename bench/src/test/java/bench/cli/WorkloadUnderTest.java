package bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.stream.Stream;
import picocli.CommandLine;

/** {@code workload}, and what it printed when it was run last. */
final class WorkloadUnderTest {
  /** 1,000 I/Os of two clones on 8 MiB with 64 keys. */
  private static final String SMALL =
      "--rw randrw --bs 4k --iodepth 8 --numjobs 2 --ios 1000 --keys 64 --key-dist zipf:1.1"
          + " --size 8m --media ufs31";

  private static final CommandLine LINE = Main.commandLine(); // which takes as long as a run

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs it, and returns the exit code. */
  int execute(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return LINE.setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.concat(Stream.of("workload"), Arrays.stream(arguments)).toArray(String[]::new));
  }

  /** Runs a small job, and returns the exit code. */
  int executeSmall(String... more) {
    return execute(
        Stream.concat(Stream.of(SMALL.split(" ")), Arrays.stream(more)).toArray(String[]::new));
  }

  /** What a small job that succeeds prints as JSON. */
  JsonObject json(String... more) {
    String[] all = Stream.concat(Stream.of("--json"), Arrays.stream(more)).toArray(String[]::new);
    assertThat(executeSmall(all)).as(err.toString()).isZero();
    assertThat(err.toString()).isEmpty();
    return JsonParser.parseString(out.toString()).getAsJsonObject();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
