#include "process/tracee.h"

#include "process/tracee_impl.h"

namespace situ {

std::unique_ptr<Tracee> Tracee::launch(const LaunchOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->launch(options);
  return std::unique_ptr<Tracee>(new Tracee(std::move(impl)));
}

std::vector<AddressRange> Tracee::own_ranges() {
  return {{scratch_page, loader_memory}};
}

Tracee::Tracee(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tracee::~Tracee() = default;

pid_t Tracee::pid() const {
  return impl_->pid;
}
const std::vector<std::string>& Tracee::warnings() const {
  return impl_->warnings;
}
bool Tracee::probe_loaded() const {
  return impl_->probe_loaded;
}
bool Tracee::aslr_is_off() const {
  return impl_->aslr_is_off;
}

Stop Tracee::wait() {
  return impl_->wait();
}
void Tracee::resume(pid_t tid, int signal) {
  impl_->resume(tid, signal);
}
std::vector<pid_t> Tracee::stop_others(pid_t tid, std::size_t limit) {
  return impl_->stop_others(tid, limit);
}
void Tracee::resume_all(const std::vector<pid_t>& tids) {
  impl_->resume_all(tids);
}

ThreadState Tracee::state(pid_t tid) const {
  return impl_->state(tid);
}
std::vector<pid_t> Tracee::threads() const {
  return impl_->threads();
}
std::string Tracee::thread_name(pid_t tid) const {
  return impl_->thread_name(tid);
}

std::size_t Tracee::read(Address from, std::span<std::byte> into) const {
  return impl_->read(from, into);
}
std::vector<std::size_t> Tracee::read_many(std::span<const ReadRequest> requests) const {
  return impl_->read_many(requests);
}
std::size_t Tracee::write(Address to, std::span<const std::byte> bytes) {
  return impl_->write(to, bytes);
}
std::vector<Mapping> Tracee::maps() const {
  return impl_->maps();
}
std::optional<std::uint64_t> Tracee::auxv(std::uint64_t type) const {
  return impl_->auxv(type);
}

std::vector<Address> Tracee::plant(std::span<const Address> addresses) {
  return impl_->plant(addresses);
}
void Tracee::lift(std::span<const Address> addresses) {
  impl_->lift(addresses);
}
void Tracee::lift_all() {
  impl_->lift_all();
}

void Tracee::detach() {
  impl_->let_go();
}
int Tracee::wait_for_end() {
  return impl_->wait_for_end();
}

const TraceCounts& Tracee::counts() const {
  return impl_->counts;
}

}  // namespace situ
