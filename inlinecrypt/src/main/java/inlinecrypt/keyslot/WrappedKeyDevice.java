package inlinecrypt.keyslot;

/**
 * The device side of hardware-wrapped keys: what a driver implements beside {@link KeyslotDevice}
 * if its hardware has any.
 *
 * <p>Called inside the hardware section only, so never while another call of either interface is
 * under way.
 */
public interface WrappedKeyDevice {
  /** Has no operation. */
  WrappedKeyDevice NONE =
      new WrappedKeyDevice() {
        @Override
        public boolean has(WrappedKeyOperation operation) {
          return false;
        }

        @Override
        public void perform(
            WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done) {
          throw new UnsupportedOperationException(operation.toString());
        }
      };

  boolean has(WrappedKeyOperation operation);

  /**
   * Performs an operation that it has. Answers once, before it returns or later.
   *
   * @param input the raw key or the blob, unchanged until {@code done} is called; not kept
   */
  void perform(WrappedKeyOperation operation, byte[] input, WrappedKeyCompletion done);
}
