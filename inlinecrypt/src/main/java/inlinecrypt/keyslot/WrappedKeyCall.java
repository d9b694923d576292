package inlinecrypt.keyslot;

import inlinecrypt.Errno;

/** One call of {@link WrappedKeys#perform}. */
final class WrappedKeyCall extends SectionArrival {
  static final byte[] NO_OUTPUT = {};

  final WrappedKeyOperation operation;
  final byte[] input;
  Errno result = Errno.OK;
  byte[] output = NO_OUTPUT;
  private final WrappedKeyCompletion completion;

  WrappedKeyCall(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion completion) {
    this.operation = operation;
    this.input = input;
    this.completion = completion;
  }

  @Override
  void deliver() {
    completion.done(result, output);
  }
}
