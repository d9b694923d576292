package inlinecrypt.keyslot;

import inlinecrypt.Errno;

/** One call of {@link KeyslotManager#reprogramAll}. */
final class ReprogramCall extends SectionArrival {
  /** The first slot that it has still to look at. */
  int nextSlot;

  private final KeyslotCompletion completion;

  ReprogramCall(KeyslotCompletion completion) {
    this.completion = completion;
  }

  @Override
  void deliver() {
    completion.done(Errno.OK);
  }
}
