package inlinecrypt.keyslot;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** An executor that runs what was posted when the test says so. */
final class PostQueue implements Executor {
  private final ArrayDeque<Runnable> posted = new ArrayDeque<>();

  @Override
  public void execute(Runnable command) {
    posted.add(command);
  }

  boolean runOne() {
    Runnable command = posted.poll();
    if (command != null) {
      command.run();
    }
    return command != null;
  }

  void runAll() {
    while (runOne()) {}
  }

  int size() {
    return posted.size();
  }
}
