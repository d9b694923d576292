package inlinecrypt.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/** The proof that a call allocates nothing once it is compiled. */
final class SteadyState {
  private static final int CALLS_PER_ROUND = 5_000;
  private static final int MAX_ROUNDS = 200;

  private SteadyState() {}

  /** Rounds are repeated until the compilers are done; a leak of garbage never ends. */
  static void assertAllocatesNothing(IntConsumer call) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocatedBytes = Long.MAX_VALUE;
    for (int round = 0; round < MAX_ROUNDS && allocatedBytes > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS_PER_ROUND; i++) {
        call.accept(i);
      }
      allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocatedBytes).as("bytes in %d calls", CALLS_PER_ROUND).isZero();
  }
}
