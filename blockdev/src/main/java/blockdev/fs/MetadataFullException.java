package blockdev.fs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A commit does not fit the metadata region ({@code ENOSPC}). Nothing of it is on the device; the
 * commits before it stand, and {@link MetadataStore#open} finds them.
 */
final class MetadataFullException extends IOException {
  private static final long serialVersionUID = 1;

  MetadataFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
