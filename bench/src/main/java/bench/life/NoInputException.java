package bench.life;

import java.io.IOException;
import java.nio.file.Path;

/** The input has no regular file, so there is nothing to verify. */
public final class NoInputException extends IOException {
  private static final long serialVersionUID = 1;

  NoInputException(Path input) {
    super("no regular file in " + input);
  }
}
