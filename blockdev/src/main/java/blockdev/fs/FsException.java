package blockdev.fs;

import inlinecrypt.Errno;
import inlinecrypt.fscrypt.FscryptException;
import java.io.IOException;

/** A filesystem operation that was refused or failed; its message is one line for people. */
public final class FsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  FsException(Errno errno, String message) {
    super(message + " (" + errno + ")");
    this.errno = errno;
  }

  FsException(Errno errno, String message, Throwable cause) {
    super(message + " (" + errno + ")", cause);
    this.errno = errno;
  }

  /** What fscrypt refused, of {@code what}. */
  static FsException refused(String what, FscryptException cause) {
    return new FsException(cause.errno(), what + ": " + cause.getMessage(), cause);
  }

  /** EIO: the device failed under {@code what}. */
  static FsException failed(String what, IOException cause) {
    return new FsException(Errno.EIO, what + " failed: " + cause, cause);
  }

  public Errno errno() {
    return errno;
  }
}
