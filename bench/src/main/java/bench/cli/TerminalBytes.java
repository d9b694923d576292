package bench.cli;

import bench.life.Progress;
import java.io.Console;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar for bytes: on a terminal, and for nobody else. */
final class TerminalBytes implements Progress, AutoCloseable {
  private static final long SMALLEST_BYTES = 64L << 20; // less is done before a bar is drawn

  private final boolean isTerminal;
  private String current = "";
  private @Nullable ProgressBar bar;

  TerminalBytes() {
    Console console = System.console();
    isTerminal = console != null && console.isTerminal();
  }

  @Override
  public void at(String step, long done, long total) {
    if (!isTerminal || total < SMALLEST_BYTES) {
      return;
    }
    if (bar == null || !current.equals(step)) {
      close();
      current = step;
      bar =
          new ProgressBarBuilder()
              .setTaskName(step)
              .setInitialMax(total)
              .setUnit(" MiB", 1 << 20)
              .setStyle(ProgressBarStyle.ASCII)
              .clearDisplayOnFinish()
              .build();
    }
    bar.stepTo(done);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
