package blockdev.nvme.controller;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** The error log where several threads' commands fail at once, as in immediate time. */
@Timeout(20)
class ErrorLogTest {
  private static final int ERRORS = 2_000_000; // of each thread: with fewer, none might be lost

  @RepeatedTest(3)
  void errorsOfSeveralThreadsAreAllCounted() throws InterruptedException {
    ErrorLog log = new ErrorLog();
    Runnable failing =
        () -> {
          for (int i = 0; i < ERRORS; i++) {
            log.add(1, i & 0xFFFF, NvmeStatus.LBA_OUT_OF_RANGE, i, 1);
          }
        };
    List<Thread> threads = Stream.generate(() -> new Thread(failing)).limit(2).toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(log.count()).isEqualTo(2L * ERRORS);
  }
}
