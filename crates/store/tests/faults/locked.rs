//! Files that may not be written.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use gongji_store::testing::{Ground, temporary_sqlite};

use crate::child::{Said, arguments, listen, prepare, program};
use crate::kit::{audit, book};

#[test]
fn a_read_only_file_is_refused_and_stays_as_it_is() {
    let ground = temporary_sqlite().expect("a folder");
    let folder = ground.file().parent().expect("a folder").to_owned();
    {
        let store = ground.open().expect("open");
        store.write(&mut |batch| book(batch, &["k".to_owned()], 10)).expect("kept");
    }
    let before = fs::read(ground.file()).expect("read");
    fs::set_permissions(ground.file(), Permissions::from_mode(0o444)).expect("set");
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).expect("set");
    // For the superuser nothing is read only: then somebody else tries, with a copy of this program where everybody may run it.
    let tools = tempfile::tempdir().expect("a folder");
    let user = Command::new("id").arg("-u").output().expect("id").stdout;
    let mut command = if user.trim_ascii() == b"0" {
        let copy = tools.path().join("faults");
        fs::copy(program(), &copy).expect("copied");
        fs::set_permissions(tools.path(), Permissions::from_mode(0o755)).expect("set");
        fs::set_permissions(&copy, Permissions::from_mode(0o755)).expect("set");
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(copy);
        command
    } else {
        Command::new(program())
    };
    command.args(arguments()).current_dir(tools.path());
    prepare(&mut command, folder.to_str().expect("plain"), "r", 10);
    let mut child = command.spawn().expect("a child");
    let said: Vec<Said> = listen(&mut child).collect();
    assert!(child.wait().expect("ended").success());
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).expect("set");
    let [Said::Stopped(reason)] = said.as_slice() else { panic!("{said:?}") };
    assert!(reason.starts_with("Refused(") && reason.contains("只读"), "{reason}");
    assert_eq!(fs::read(ground.file()).expect("read"), before);
    fs::set_permissions(ground.file(), Permissions::from_mode(0o644)).expect("set");
    assert_eq!(audit(&*ground.open().expect("open")), ["k"]);
}
