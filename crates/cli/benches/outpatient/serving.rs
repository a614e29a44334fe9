//! A store with people and a hospital, and the program that serves it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;

use gongji_agency::actor::{Actor, Role};
use gongji_agency::command::{Command, IssueToken};
use gongji_agency::office::{Office, Rules};
use gongji_agency::port::{Store, SystemClock};
use gongji_agency::secret::new_secret;
use gongji_demo::sandbox::stage;
use gongji_packs::PackTexts;
use gongji_policy::read_packs;
use gongji_store::open;

use crate::machine;

/// A person who is insured as an employee.
pub struct Insured {
    pub number: String,
    pub certificate: String,
    pub name: String,
}

/// Who is treated where.
pub struct Books {
    pub area: String,
    pub hospital: String,
    pub token: String,
    pub people: Vec<Insured>,
    /// Codes of items: covered, covered in part, not covered.
    pub items: [String; 3],
}

impl Books {
    /// Makes a store with so many people in it.
    pub fn made(data: &Path, people: u64) -> Books {
        let texts = PackTexts::shipped().rules;
        let (packs, _) = read_packs(&texts);
        let files = texts.into_iter().map(|text| (text.name, text.text)).collect();
        let rules = Arc::new(Rules::new(packs.leak(), files));
        let store = open(data.to_str().unwrap()).unwrap() as Arc<dyn Store>;
        let office = Office::open(store, rules, Arc::new(SystemClock)).unwrap();
        let stage = stage(&office, None, people, 1).unwrap();
        let hospital = stage.institution("hospital").unwrap().id.clone();
        let secret = new_secret().unwrap();
        let issue = IssueToken {
            hash: secret.hash.clone(),
            role: Role::Institution,
            name: hospital.clone(),
            areas: Vec::new(),
            note: String::new(),
            expires_on: None,
        };
        office.book(&Actor::operator("bench"), "token", Command::IssueToken(issue)).unwrap();
        let of_class = |class: &str| {
            let drug = stage.items.iter().find(|item| item.class == class && item.kind == "药品");
            drug.unwrap().code.clone()
        };
        let everybody = stage.characters.iter().chain(&stage.crowd);
        let insured = everybody
            .filter(|person| {
                person.scheme == "employee" && person.area == stage.area && person.condition.is_none()
            })
            .map(|person| Insured {
                number: person.person.clone(),
                certificate: person.certificate.clone(),
                name: person.name.clone(),
            })
            .collect();
        Books {
            area: stage.area.clone(),
            hospital,
            token: secret.secret,
            people: insured,
            items: ["甲", "乙", "丙"].map(of_class),
        }
    }
}

/// The program, serving.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Where it has ended already, there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn start(data: &Path) -> Server {
        let mut child = Process::new(env!("CARGO_BIN_EXE_gongji"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .env_remove("GONGJI_POLICIES")
            .env_remove("GONGJI_STORE")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let address = loop {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "the server says where it listens");
            if let Some(rest) = line.split("http://").nth(1) {
                break rest.split('/').next().unwrap().to_owned();
            }
        };
        Server { child, address }
    }

    pub fn cpu_micros(&self) -> u64 {
        machine::cpu_micros_of(&self.child.id().to_string())
    }

    pub fn peak_memory_mib(&self) -> u64 {
        machine::peak_memory_mib_of(&self.child.id().to_string())
    }
}
