package bench.workload;

/** A job that a device cannot run, with the reason. */
public final class UnsupportedJobException extends Exception {
  private static final long serialVersionUID = 1;

  UnsupportedJobException(String message) {
    super(message);
  }
}
