package inlinecrypt.keyslot;

import inlinecrypt.Errno;

/** Called once when a call on a {@link KeyslotDevice} or {@link KeyslotManager} has ended. */
@FunctionalInterface
public interface KeyslotCompletion {
  /** {@code result} is {@link Errno#OK} or why it failed. */
  void done(Errno result);
}
