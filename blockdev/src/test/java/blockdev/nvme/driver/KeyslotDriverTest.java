package blockdev.nvme.driver;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.nvme.NvmeStatus;
import blockdev.nvme.controller.Command;
import blockdev.nvme.controller.HandHost;
import blockdev.trace.Tracer;
import inlinecrypt.CryptoKey;
import inlinecrypt.Errno;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Programming that the crypto engine refuses, as it does a key that is closed. */
class KeyslotDriverTest {
  private final HandHost host = HandHost.ready(512, 8);
  private final List<Object> traced = new ArrayList<>();
  private final KeyslotDriver driver =
      new KeyslotDriver(host.controller, host.time, tracesProgrammingTo(traced));
  private final List<Errno> results = new ArrayList<>();
  private final CryptoKey open = HandHost.key(512);
  private final CryptoKey closed = HandHost.key(512);

  @AfterEach
  void close() {
    host.close();
    open.close();
  }

  @Test
  void aKeyThatTheEngineRefusesIsAnErrorAndTheNextKeyIsProgrammed() {
    closed.close();
    driver.program(0, closed, results::add);
    assertThat(host.controller.crypto().isProgrammed(0)).isFalse();
    driver.program(0, open, results::add);
    assertThat(host.controller.crypto().isProgrammed(0)).isTrue();
    assertThat(results).containsExactly(Errno.EIO, Errno.OK);
    assertThat(traced).as("results").containsExactly(Errno.EIO, Errno.OK);
  }

  @Test
  void aSlotWhoseProgrammingFailsKeepsItsKey() {
    closed.close();
    driver.program(0, open, results::add);
    driver.program(0, closed, results::add);
    assertThat(results).containsExactly(Errno.OK, Errno.EIO);
    assertThat(host.io(Command.write(0, 1, 0, 0).crypto(15, 0, 0, 0)))
        .isEqualTo(NvmeStatus.SUCCESS);
  }

  private static Tracer tracesProgrammingTo(List<Object> results) {
    return (Tracer)
        Proxy.newProxyInstance(
            Tracer.class.getClassLoader(),
            new Class<?>[] {Tracer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("keyslotProgrammed")) {
                results.add(arguments[2]);
              }
              return null;
            });
  }
}
