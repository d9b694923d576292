package blockdev.fs;

import java.io.IOException;

/** The metadata on the device is not what was written there. Nothing was changed. */
final class MetadataCorruptException extends IOException {
  private static final long serialVersionUID = 1;

  MetadataCorruptException(String message) {
    super(message);
  }

  MetadataCorruptException(String message, Throwable cause) {
    super(message, cause);
  }
}
