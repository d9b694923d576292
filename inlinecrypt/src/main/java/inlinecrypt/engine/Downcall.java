package inlinecrypt.engine;

/** What every call of a C function through a method handle needs. */
final class Downcall {
  private Downcall() {}

  /**
   * Throws {@code e} as it is: a method handle declares that it may throw anything, but a downcall
   * throws only what is unchecked.
   */
  static RuntimeException unchecked(Throwable e) {
    switch (e) {
      case RuntimeException thrown -> throw thrown;
      case Error thrown -> throw thrown;
      default -> throw new AssertionError(e);
    }
  }
}
